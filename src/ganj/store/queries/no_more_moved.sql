delete from moved using told where moved.origin = told.origin
