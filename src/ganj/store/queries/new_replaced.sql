insert into replaced select * from told
