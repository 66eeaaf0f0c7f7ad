insert into runs
values (
    $file, $bucket, $rows, $bytes, $checksum, $first_customer, $last_customer, $first, $last
)
