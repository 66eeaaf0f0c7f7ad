insert into event_schema
select event, property, kind, example, 1, first, first from told
