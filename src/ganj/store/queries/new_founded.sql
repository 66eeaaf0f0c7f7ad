-- A customer is known for ever by the most trusted identifier of the first message that names it.
insert into customers select customer, kind, value from told order by customer
