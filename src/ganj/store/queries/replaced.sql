select bucket, message_id from replaced order by all
