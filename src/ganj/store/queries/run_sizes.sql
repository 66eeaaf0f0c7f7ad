select rows, file, bucket from runs order by rows, file
