update identifiers
set first = least(identifiers.first, linked.first), last = greatest(identifiers.last, linked.last)
from linked
where
    linked.added is null
    and identifiers.key = md5_number_lower(linked.kind || chr(31) || linked.value)
    and identifiers.kind = linked.kind and identifiers.value = linked.value
    and (linked.first < identifiers.first or linked.last > identifiers.last)
