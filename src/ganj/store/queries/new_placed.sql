insert into placed
select distinct origin, customer
from (select origin, customer from fresh union all select origin, customer from arriving
    union all select origin, customer from collected
)
where origin <> customer
except
select origin, customer from placed
