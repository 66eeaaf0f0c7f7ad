-- What draws of customers go by.
select customer, lot from customers
