insert into names
select
    'property:' || key,
    coalesce(last, -1) + row_number() over (partition by key order by value),
    value
from said
join properties on properties.name = said.key and properties.promoted
left join (select kind, max(code) as last from names group by kind) on kind = 'property:' || key
where ('property:' || key, value) not in (select (kind, name) from names)
