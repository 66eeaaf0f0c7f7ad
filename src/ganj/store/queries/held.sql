-- What the persons behind some origins hold.
select persons.node, identifiers.kind, identifiers.added
from identifiers
left join moved on moved.origin = identifiers.customer
join persons on persons.origin = coalesce(moved.customer, identifiers.customer)
order by persons.node, identifiers.added, identifiers.kind, identifiers.value
