delete from fresh_lines where message_id in (select message_id from earlier where is_fresh)
