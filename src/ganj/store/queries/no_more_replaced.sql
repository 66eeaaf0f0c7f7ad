delete from replaced using told where replaced.bucket = told.bucket and replaced.message_id = told.message_id
