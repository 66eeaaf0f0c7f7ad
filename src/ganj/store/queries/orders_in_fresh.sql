select "order", event, batch, amount from fresh where "order" >= 0
