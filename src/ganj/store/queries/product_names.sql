select name from products order by code
