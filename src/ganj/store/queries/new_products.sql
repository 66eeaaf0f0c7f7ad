insert into products
select
    (select coalesce(max(code), -1) from products) + row_number() over (order by min(row)),
    product, null
from unseen($staged)
where product is not null and product not in (select name from products)
group by product
