delete from displaced using settled
where displaced.origin = settled.origin and displaced.customer = settled.customer
