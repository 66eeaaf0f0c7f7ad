select bucket, customer, origin, time, message_id, event, amount, product, "order", channel, source, batch, alike, properties, facts from fresh
