select code, name from orders where code in (select unnest($codes))
