select distinct event, property, kind from event_schema
