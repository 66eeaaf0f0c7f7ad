-- Of files that are packed nothing more comes.
update log_files set whole = true where stem in (select stem from told)
