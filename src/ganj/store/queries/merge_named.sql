select id, one, other, undone from merges where id = $id
