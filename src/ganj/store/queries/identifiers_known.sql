select kind, value, customer, added from identifiers
