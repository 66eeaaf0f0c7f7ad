-- Of a file that is packed nothing more comes.
update log_files set whole = true where stem = $stem
