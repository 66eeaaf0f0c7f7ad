update products
set traits = json_merge_patch(coalesce(products.traits, '{}'), said.traits)
from (
    select product, arg_max(product_traits, row) as traits
    from unseen($staged)
    where product is not null and product_traits is not null
    group by product
) said
where said.product = products.name
