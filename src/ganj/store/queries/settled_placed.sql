delete from placed using settled
where placed.origin = settled.origin and placed.customer = settled.customer
