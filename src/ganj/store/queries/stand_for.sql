select origin, customer from moved where origin in (select unnest($origins))
