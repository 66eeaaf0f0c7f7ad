"""What something did: effects of what was given by lot, on whom they are large, and whom to give it next."""
