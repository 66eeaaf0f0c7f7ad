-- A customer is known for ever by the most trusted identifier of the first message that names it, and drawn by the message.
insert into customers select customer, kind, value, lot from told order by customer
