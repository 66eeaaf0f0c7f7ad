delete from apart where one = $one and other = $other
