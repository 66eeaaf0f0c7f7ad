select distinct coalesce(moved.customer, identifiers.customer) as customer
from identifiers left join moved on moved.origin = identifiers.customer
where value in (select unnest($exact)) and ($kind = '' or kind = $kind)
order by customer
