-- The customer that has an identifier now.
select coalesce(moved.customer, identifiers.customer)
from identifiers left join moved on moved.origin = identifiers.customer
where key = md5_number_lower($kind || chr(31) || $value) and kind = $kind and value = $value
