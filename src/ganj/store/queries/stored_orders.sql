select code, name from orders order by code
