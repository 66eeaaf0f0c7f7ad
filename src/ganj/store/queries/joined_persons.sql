-- Everyone whose number changes when those who stood for them are joined with others.
create or replace temp table changed as
select moved.origin, persons.customer
from moved join persons on persons.origin = moved.customer
union
select origin, customer from persons
