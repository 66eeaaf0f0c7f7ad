select customer, name, arg_max(value, (time, batch, row, source)) as value
from traits
where customer in (select unnest($customers)) and name in (select unnest($names))
group by customer, name
union all
select customer, kind, min_by(value, (coalesce(first, 0), value))
from identifiers
where
    customer in (select unnest($customers)) and kind in (select unnest($names)) and kind <> 'account'
group by customer, kind
