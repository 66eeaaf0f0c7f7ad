insert into moved select origin, customer from changed where origin <> customer
