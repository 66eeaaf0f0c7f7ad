insert into fresh_files values ($file, $rows)
