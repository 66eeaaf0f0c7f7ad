insert into whole_refunds by name select * from told
