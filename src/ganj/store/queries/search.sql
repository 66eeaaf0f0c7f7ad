select coalesce(moved.customer, found.customer) as customer
from (
    select customer, 0 as rank from identifiers where value in (select unnest($exact))
    union all
    select customer, 1 from identifiers where len($part) >= 3 and contains(lower(value), $part)
    union all
    select customer, 2 from known_as where $words <> '' and contains(words, $words)
) found
left join moved on moved.origin = found.customer
group by all
order by min(rank), customer
limit $limit
