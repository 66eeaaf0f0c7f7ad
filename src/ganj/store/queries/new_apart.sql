insert into apart values ($one, $other, $one_kind, $one_value, $other_kind, $other_value, $time, $by)
