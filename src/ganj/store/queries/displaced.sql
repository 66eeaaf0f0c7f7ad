select displaced.origin, displaced.customer, coalesce(moved.customer, displaced.origin) as now
from displaced left join moved using (origin)
order by all
