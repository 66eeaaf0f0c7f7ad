"""One shape of an error for programs, from the shell and the API alike: problem details of RFC 9457."""

from __future__ import annotations

from typing import Any

from ganj.errors import GanjError


def problem(error: GanjError, language: str) -> dict[str, Any]:
    """Return ``type, title, status, detail`` of a mistake: what is wrong, then what to do next."""
    code = getattr(error, "code", type(error).__name__)  # what a server said keeps the name it had there
    return {
        "type": f"errors#{code}",
        "title": error.message(language),
        "status": error.status,
        "detail": error.advice(language),
    }
