-- What each text of properties says in codes: property number * 1024 + value code.
create or replace temp table facts as
select told.properties, list(properties.number * 1024 + names.code order by properties.number) as facts
from (
        select properties from unseen($staged) where event is not null and properties is not null
        union
        select properties from earlier_lines where properties is not null
    ) told,
    json_each(told.properties) pair
join properties on properties.name = pair.key and properties.promoted
join names on names.kind = 'property:' || pair.key and names.name = pair.value ->> '$'
where pair.type not in ('NULL', 'ARRAY', 'OBJECT')
group by told.properties
