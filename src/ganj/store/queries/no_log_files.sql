delete from log_files where stem in (select stem from told)
