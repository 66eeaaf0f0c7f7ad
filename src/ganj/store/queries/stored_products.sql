select code, name, traits from products order by code
