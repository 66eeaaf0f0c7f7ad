-- Pairs that were merged and told apart again.
select one, other from merges where undone is not null order by one, other
