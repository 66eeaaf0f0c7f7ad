-- The identifier that each of some customers is known by for ever, and the number that came under.
select customer, kind, value from customers where customer in (select unnest($customers))
