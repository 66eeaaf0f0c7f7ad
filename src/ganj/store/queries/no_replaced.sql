delete from replaced
