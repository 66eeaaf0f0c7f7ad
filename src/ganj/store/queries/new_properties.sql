insert into properties
select (select coalesce(max(number), -1) from properties) + row_number() over (order by key), key, true
from (select distinct key from said)
where key not in (select name from properties)
