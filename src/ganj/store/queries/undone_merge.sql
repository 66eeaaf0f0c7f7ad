update merges set undone = $time, undone_by = $by where id = $id
