"""The demo's shop: a generative model with known truth."""
