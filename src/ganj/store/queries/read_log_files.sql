update log_files
set position = read.position
from (select stem, max(position) as position from told group by stem) read
where read.stem = log_files.stem
