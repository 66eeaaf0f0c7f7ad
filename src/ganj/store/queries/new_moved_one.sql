insert into moved values ($origin, $customer)
