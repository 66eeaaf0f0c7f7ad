select kind, value from customers where customer = $customer
