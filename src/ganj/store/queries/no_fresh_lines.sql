delete from fresh_lines
