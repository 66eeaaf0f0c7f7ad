delete from fresh
