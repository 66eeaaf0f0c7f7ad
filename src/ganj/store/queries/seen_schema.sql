update event_schema
set seen = event_schema.seen + told.seen, last = greatest(event_schema.last, told.last)
from (
    select event, property, kind, sum(seen)::bigint as seen, max(last) as last from told group by event, property, kind
) told
where
    told.event = event_schema.event and told.property = event_schema.property and told.kind = event_schema.kind
