select message_id from replaced where bucket = $bucket
