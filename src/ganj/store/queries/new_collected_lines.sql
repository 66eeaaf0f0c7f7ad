insert into fresh_lines
select bucket, message_id, row, product, quantity, price, amount, null, null
from told
