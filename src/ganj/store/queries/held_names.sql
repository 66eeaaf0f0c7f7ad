-- What lists find somebody by.
select customer, words from known_as where list_contains($origins::integer[], customer) order by all
