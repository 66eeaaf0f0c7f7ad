insert into fresh_lines
select bucket, message_id, row, product, quantity, price, amount, properties, facts
from arriving_lines
