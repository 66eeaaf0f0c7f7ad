update fresh_lines
set bucket = fresh.bucket
from fresh
where fresh_lines.message_id = fresh.message_id and fresh_lines.bucket <> fresh.bucket
