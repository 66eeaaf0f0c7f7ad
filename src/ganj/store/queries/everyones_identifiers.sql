-- Every identifier, by the number its customer has now, in the order in which they were first seen.
select coalesce(moved.customer, identifiers.customer) as customer, kind, value
from identifiers left join moved on moved.origin = identifiers.customer
order by customer, kind, coalesce(first, 0), value
