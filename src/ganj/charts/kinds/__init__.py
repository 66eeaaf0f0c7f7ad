"""One kind of picture per file: ``draw`` takes a sheet and returns an option without the common parts."""
