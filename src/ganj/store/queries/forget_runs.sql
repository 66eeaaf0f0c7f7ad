insert into replaced select bucket, message_id from earlier where not is_fresh
