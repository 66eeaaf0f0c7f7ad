select file from seen_files order by file
