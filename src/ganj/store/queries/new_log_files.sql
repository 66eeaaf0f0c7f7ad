insert into log_files select stem, position, false from told
