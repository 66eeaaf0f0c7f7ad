delete from moved where origin = $origin and $customer is not null
