select origin, customer from moved where customer in (select unnest($customers))
