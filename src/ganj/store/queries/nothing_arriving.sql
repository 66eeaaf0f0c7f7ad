create or replace temp table arriving as from fresh limit 0;
create or replace temp table arriving_lines as from fresh_lines limit 0;
