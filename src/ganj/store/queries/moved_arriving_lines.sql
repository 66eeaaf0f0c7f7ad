update arriving_lines
set bucket = arriving.bucket
from arriving
where arriving.message_id = arriving_lines.message_id and arriving.bucket <> arriving_lines.bucket
