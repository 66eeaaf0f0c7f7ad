select count(*) > 0 from replaced
