insert into merges values (
    $id, $one, $other, $one_kind, $one_value, $other_kind, $other_value, $time, $automatic, $evidence, null, null
)
