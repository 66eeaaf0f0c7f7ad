select * exclude (bucket, message_id, row), 0::bigint as place from fresh_lines limit 0
