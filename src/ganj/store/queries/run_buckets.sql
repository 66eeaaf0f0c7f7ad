select file, bucket from runs order by file
