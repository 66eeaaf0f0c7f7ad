select customer
from identifiers
where key = md5_number_lower($kind || chr(31) || $value) and kind = $kind and value = $value
