create or replace temp table arriving as from fresh limit 0
