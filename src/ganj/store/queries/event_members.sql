select
    event, property, kind, any_value(example order by first), sum(seen)::bigint, min(first), max(last)
from event_schema
where $event is null or event = $event
group by event, property, kind
order by event, property, kind
