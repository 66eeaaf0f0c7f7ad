-- A customer is known for ever by the strongest identifier of the first row that names it.
insert into customers
select
    customer,
    arg_min(
        case
            when customer_id is not null then 'customer_id' when email is not null then 'email'
            when phone is not null then 'phone' when national_code is not null then 'national_code'
            else 'account'
        end,
        row
    ),
    arg_min(coalesce(customer_id, email, phone, national_code, account), row)
from assigned
where customer >= $first_new
group by customer
order by customer
