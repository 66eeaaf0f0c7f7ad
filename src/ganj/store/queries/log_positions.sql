select stem, position, whole from log_files order by stem
