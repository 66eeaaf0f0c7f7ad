-- The customer that has each identifier.
select links.mark, coalesce(any_value(identifiers.customer), -1)::integer as customer
from links
left join identifiers on
    identifiers.key = md5_number_lower(links.kind || chr(31) || links.value)
    and identifiers.kind = links.kind and identifiers.value = links.value
group by links.mark
order by links.mark
