insert into log_files select stem, position from told
