insert into fresh_files select file, rows from told
