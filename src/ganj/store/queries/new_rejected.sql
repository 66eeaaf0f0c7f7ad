insert into rejected select id, source, received, code, line, null, 1 from told
