update fresh_lines
set bucket = fresh.bucket
from fresh semi join changed using (origin)
where fresh_lines.message_id = fresh.message_id and fresh_lines.bucket <> fresh.bucket
