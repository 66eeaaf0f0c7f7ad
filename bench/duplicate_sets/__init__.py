"""Sets of people whose doubles are known: real ones, their Persian re-dressing, and as many as asked."""
