-- Changes with every merge and every undo: neither is ever forgotten.
select count(*), count(undone) from merges
