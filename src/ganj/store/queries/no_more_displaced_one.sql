delete from displaced where origin = $origin and customer = $customer
