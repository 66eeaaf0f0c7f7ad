-- Pairs that somebody told apart: said to be different people, or merged and taken back.
select one, other from merges where undone is not null
union
select one, other from apart
order by one, other
