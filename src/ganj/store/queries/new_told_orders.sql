insert into collected_orders select "order", event from told
