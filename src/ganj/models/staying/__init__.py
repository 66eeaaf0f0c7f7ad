"""How long customers stay: the share that is left at an age, and what makes staying shorter."""
