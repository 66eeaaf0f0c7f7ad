select bucket, message_id, row, product, quantity, price, amount, properties, facts from fresh_lines
