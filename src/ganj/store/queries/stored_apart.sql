-- Pairs that were said to be different people, as it was said.
select one_kind, one_value, other_kind, other_value, time, said_by from apart order by time, one, other
