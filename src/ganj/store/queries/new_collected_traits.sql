-- Older rows stay as history: whoever reads takes the last.  An empty value takes back what was said before.
insert into traits
select customer, name, source, value, number, time, 0, row from told
