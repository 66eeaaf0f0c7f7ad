-- Older rows of the same stay until they are tidied up: whoever reads takes the last.  An empty value takes back what
-- was said before.
insert into traits
select customer, name, source, value, number, time, 0, row from told where value is not null;

delete from traits
using (select customer, name, max(time) as time from told where value is null group by all) gone
where traits.customer = gone.customer and traits.name = gone.name and traits.time <= gone.time;
