select kind, value, first, last
from identifiers
where customer = $customer
order by list_position(['customer_id', 'email', 'phone', 'national_code', 'account'], kind), value
