"""How the larger analyses lay their numbers out: tables, pictures, sentences; one file an analysis."""
