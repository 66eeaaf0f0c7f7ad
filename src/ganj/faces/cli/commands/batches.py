"""``ganj batches``: what was imported."""

from __future__ import annotations

from ganj.faces.cli import importing
from ganj.faces.cli.asking import command as made


@made("List the imports, newest first.", "فهرست داده‌های واردشده، تازه‌ترین در آغاز.", name="batches")
def command() -> None:
    importing.show_all()
