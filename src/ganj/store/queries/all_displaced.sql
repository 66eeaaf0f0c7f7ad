select 2, origin, customer, customer from displaced order by origin
