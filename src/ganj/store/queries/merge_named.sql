select one, undone from merges where id = $id
