insert into moved select origin, customer from told
