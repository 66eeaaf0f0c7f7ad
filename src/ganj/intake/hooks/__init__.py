"""Webhooks: any program that can post JSON is a source; a mapping says what its fields mean."""

from ganj.intake.hooks.flat import flat
from ganj.intake.hooks.guessing import guessed
from ganj.intake.hooks.hook import MEANINGS, Hook, hook_of
from ganj.intake.hooks.kept import Hooks, Kept
from ganj.intake.hooks.reading import lines

__all__ = ["MEANINGS", "Hook", "Hooks", "Kept", "flat", "guessed", "hook_of", "lines"]
