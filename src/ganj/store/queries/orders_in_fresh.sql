select "order", event, batch from fresh where "order" >= 0
