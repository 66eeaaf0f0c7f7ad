"""Where people and programs meet ganj: the shell, the HTTP API and the pages."""
