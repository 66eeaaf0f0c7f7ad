-- Who was said to be somebody else than any of some origins.
select one_kind, one_value, other_kind, other_value, time, said_by
from apart
where list_contains($members::integer[], one) or list_contains($members::integer[], other)
order by time, one, other
