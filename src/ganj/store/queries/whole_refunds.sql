select * from whole_refunds where "order" in (select "order" from about_orders)
