-- Events where nothing was merged and nothing replaced.
create view events_now as from stored_events
