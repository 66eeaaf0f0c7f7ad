"""What the benchmark of collection is made of: events, a load generator, servers under load."""
