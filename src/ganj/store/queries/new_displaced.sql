insert into displaced select origin, customer from told
