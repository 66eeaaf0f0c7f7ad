-- One property of each event, as a number.
select try_cast(json_extract_string(properties, $path) as double) as value from told
