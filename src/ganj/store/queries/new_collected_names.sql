insert into names select kind, code, name from told
