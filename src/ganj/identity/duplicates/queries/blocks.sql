-- Keys that two people or more have, smallest first, as long as all their pairs are not too many.
create or replace temp table blocks as
with sized as (
    select key, count(distinct id) as people
    from keys
    group by key
    having count(distinct id) between 2 and $most
)
select key
from (
    select key, sum(people * (people - 1) // 2) over (order by people, key) as pairs from sized
)
where pairs <= $budget
