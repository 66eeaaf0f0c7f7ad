insert into log_files values ($stem, $position, false)
