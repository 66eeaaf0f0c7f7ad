update identifiers
set first = least(identifiers.first, seen.first), last = greatest(identifiers.last, seen.last)
from (
    select kind, value, min(first) as first, max(last) as last, md5_number_lower(kind || chr(31) || value) as key
    from told
    where added is null
    group by kind, value
) seen
where
    identifiers.key = seen.key and identifiers.kind = seen.kind and identifiers.value = seen.value
    and (seen.first < identifiers.first or seen.last > identifiers.last)
