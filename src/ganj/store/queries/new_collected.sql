insert into fresh by name select * from told
