insert into preferred values ($name, $rule, $sources)
