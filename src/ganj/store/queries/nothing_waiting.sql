delete from waiting
