delete from displaced using told where displaced.origin = told.origin
