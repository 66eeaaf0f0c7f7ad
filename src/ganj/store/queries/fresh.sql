select * exclude (bucket), bucket from fresh order by bucket, customer, time, message_id
