"""One command per file; the file's name is the command's (an underscore ends Python's own words)."""
