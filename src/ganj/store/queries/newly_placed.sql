-- Where origins lie now under the number of another.
insert into placed
select distinct origin, now from settled where origin <> now
except
select origin, customer from placed
