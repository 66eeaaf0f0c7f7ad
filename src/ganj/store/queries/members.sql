-- Everyone whom somebody stands for, themselves too.
select origin from moved where customer = $customer
union
select $customer::integer
