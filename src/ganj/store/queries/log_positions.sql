select stem, position from log_files
