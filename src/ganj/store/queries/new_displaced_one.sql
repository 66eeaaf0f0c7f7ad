insert into displaced values ($origin, $customer)
