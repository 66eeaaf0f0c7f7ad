select count(*) from waiting
