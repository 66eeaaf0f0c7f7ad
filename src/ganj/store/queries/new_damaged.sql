insert into damaged values ($stem, $begin, $bytes, $found)
