select stem, begin, bytes, found from damaged order by stem, begin
