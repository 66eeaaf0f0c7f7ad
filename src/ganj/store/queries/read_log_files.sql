update log_files set position = $position where stem = $stem
