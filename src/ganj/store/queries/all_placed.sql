select 1, origin, customer, customer from placed order by origin
