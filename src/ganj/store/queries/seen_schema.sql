update event_schema
set seen = event_schema.seen + told.seen, last = greatest(event_schema.last, told.last)
from told
where
    told.event = event_schema.event and told.property = event_schema.property and told.kind = event_schema.kind
