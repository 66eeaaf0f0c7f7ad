select one, other from merges where undone is null and one in (select unnest($origins)) and id <> $id
