select * from merges where id = $id
