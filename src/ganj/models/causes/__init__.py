"""Why a figure moved: what each factor did, what the calendar alone would do, and where it happened."""
