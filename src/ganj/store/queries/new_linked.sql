insert into identifiers
select kind, value, customer, first, last, added, md5_number_lower(kind || chr(31) || value)
from told
where added is not null
