select kind, code, name from names
