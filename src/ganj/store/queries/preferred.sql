select name, rule, sources from preferred order by name
