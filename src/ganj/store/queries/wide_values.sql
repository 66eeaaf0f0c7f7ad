-- One property of each event, as text; lists and objects are no values.
select case when json_type(properties, $path) not in ('ARRAY', 'OBJECT', 'NULL')
    then json_extract_string(properties, $path) end as value
from told
