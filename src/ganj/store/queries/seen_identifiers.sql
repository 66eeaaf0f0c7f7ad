update identifiers
set first = least(identifiers.first, marks.first), last = greatest(identifiers.last, marks.last)
from marks
where marks.customer is not null and identifiers.kind = marks.kind and identifiers.value = marks.value
