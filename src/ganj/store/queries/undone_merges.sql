update merges set undone = told.time, undone_by = told.by from told where merges.id = told.id
