delete from preferred where name = $name
