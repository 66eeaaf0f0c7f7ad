insert into orders select code, name from told
