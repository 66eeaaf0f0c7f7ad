select name from orders order by code
