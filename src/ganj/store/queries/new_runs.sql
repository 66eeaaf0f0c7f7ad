insert into runs
select file, bucket, rows, bytes, checksum, first_customer, last_customer, first, last from sealed
