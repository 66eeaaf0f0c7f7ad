-- The lines of all events that are not in runs.
select bucket, message_id, row, product, quantity, price, amount, properties, facts from fresh_lines
union all by name
select bucket, message_id, row, product, quantity, price, amount, properties, facts from arriving_lines
