-- The origin that has each of some identifiers, and who stands for it now, in their order; -1 where nobody has.
with links as (
    select unnest(range(len($kinds::varchar[]))) as mark, unnest($kinds::varchar[]) as kind, unnest($values::varchar[]) as value
)
select
    coalesce(any_value(identifiers.customer), -1) as origin,
    coalesce(any_value(moved.customer), any_value(identifiers.customer), -1) as customer
from links
left join identifiers on
    identifiers.key = md5_number_lower(links.kind || chr(31) || links.value)
    and identifiers.kind = links.kind and identifiers.value = links.value
left join moved on moved.origin = identifiers.customer
group by mark
order by mark
