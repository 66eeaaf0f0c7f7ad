select origin, customer from moved order by origin
