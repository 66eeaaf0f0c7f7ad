delete from moved using changed where moved.origin = changed.origin
