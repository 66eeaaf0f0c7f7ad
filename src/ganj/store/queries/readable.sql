-- Reads every column of every table, so that a damaged block is found.
select
    (select bit_xor(hash(names)) from names), (select bit_xor(hash(products)) from products),
    (select bit_xor(hash(orders)) from orders), (select bit_xor(hash(customers)) from customers),
    (select bit_xor(hash(identifiers)) from identifiers), (select bit_xor(hash(traits)) from traits),
    (select bit_xor(hash(ledger)) from ledger), (select bit_xor(hash(known_as)) from known_as),
    (select bit_xor(hash(fresh.properties)) from fresh)
