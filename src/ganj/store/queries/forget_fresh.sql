delete from fresh where message_id in (select message_id from earlier where is_fresh)
