select name from names where kind = $kind order by code
