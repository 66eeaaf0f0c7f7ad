"""Published baskets and sequences, and other programs that look for patterns in them."""
