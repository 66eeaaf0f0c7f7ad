"""Says who may do what: keys."""
