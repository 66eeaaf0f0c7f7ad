-- Examples of values that name somebody.
select event, property, example from event_schema
where len(list_filter($words::varchar[], lambda word: contains(lower(example), word))) > 0
order by all
