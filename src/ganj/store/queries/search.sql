select distinct customer
from (
    select customer, 0 as rank from identifiers where value in (select unnest($exact))
    union all
    select customer, 1 from identifiers where len($part) >= 3 and contains(lower(value), $part)
    union all
    select customer, 2 from known_as where $words <> '' and contains(words, $words)
)
group by customer
order by min(rank), customer
limit $limit
