select merges.*, coalesce(moved.customer, least(one, other)) as customer
from merges left join moved on moved.origin = least(one, other)
where id = $id
