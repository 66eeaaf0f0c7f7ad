-- Every key of the new events' properties with its different values, as long as they may be few.
create or replace temp table said as
select key, value
from (
    select distinct pair.key as key, pair.value ->> '$' as value
    from (
        select distinct properties
        from unseen($staged)
        where event is not null and properties is not null
    ) told, json_each(told.properties) pair
    where pair.type not in ('NULL', 'ARRAY', 'OBJECT')
)
where value <> '' and key not in (select name from properties where not promoted)
