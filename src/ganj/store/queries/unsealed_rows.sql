select (select count(*) from fresh) + (select count(*) from arriving) + (select count(*) from replaced)
