insert into names
select kind, coalesce(last, -1) + row_number() over (partition by kind order by row, name), name
from (
    select kind, name, min(row) as row
    from (
        select 'event' as kind, event as name, row from unseen($staged)
        union all
        select 'channel', channel, row from unseen($staged)
        union all
        select 'source', source, row from unseen($staged)
    )
    where name is not null
    group by kind, name
) said
left join (select kind, max(code) as last from names group by kind) using (kind)
where (kind, name) not in (select (kind, name) from names)
