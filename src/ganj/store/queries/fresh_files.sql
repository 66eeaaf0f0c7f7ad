select file, rows from fresh_files
