"""Makes ``python -m ganj`` the shell."""

from ganj.faces.cli import main

main()
