delete from log_files where stem = $stem
