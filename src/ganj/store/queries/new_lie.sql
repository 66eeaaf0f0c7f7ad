insert into placed
select distinct origin, customer from lie
except
select origin, customer from placed
