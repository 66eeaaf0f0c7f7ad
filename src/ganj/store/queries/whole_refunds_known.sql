select distinct "order" from whole_refunds
