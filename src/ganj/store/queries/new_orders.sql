insert into orders
select
    (select coalesce(max(code), -1) from orders) + row_number() over (order by min(row)), "order"
from unseen($staged)
where event is not null and "order" is not null and "order" not in (select name from orders)
group by "order"
