delete from displaced using changed where displaced.origin = changed.origin
