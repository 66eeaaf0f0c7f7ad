insert into seen_files values ($file, $rows)
