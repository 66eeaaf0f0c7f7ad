"""The short road: the folder itself, opened by this process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from ganj import miners
from ganj.display import Display
from ganj.faces import customers as told_customers
from ganj.faces import duplicates as told_duplicates
from ganj.faces import identity as told_identity
from ganj.faces import merges as told_merges
from ganj.faces import sources as told_sources
from ganj.faces.cli.asking import Call
from ganj.faces.cli.files import content
from ganj.faces.cli.road import Json, Progress, spoken
from ganj.faces.plain import people, plain
from ganj.intake.hooks import flat, guessed, hook_of
from ganj.parameters import build, dump
from ganj.segments import Segment
from ganj.surveys import Survey
from ganj.workspace import People, Workspace, laid_out


class Near:
    """A workspace in this process; see `ganj.faces.cli.road.Road`."""

    def __init__(self, workspace: Workspace, said: Call) -> None:
        self.workspace, self.said = workspace, said

    @property
    def display(self) -> Display:
        """The settings in the caller's language."""
        return msgspec.structs.replace(self.workspace.settings, **spoken(self.said))

    def settings(self) -> Json:
        """Return the workspace's settings."""
        return _told(self.workspace.settings)

    def save_settings(self, changes: Json) -> Json:
        """Change some settings and return all."""
        self.workspace.save_settings(build(Display, {**dump(self.workspace.settings), **changes}))
        return self.settings()

    def mine(self, name: str, words: Json, progress: Progress) -> Json:
        """Run an analysis; each table also says its rows in ``words``."""
        mined = self.workspace.mine(build(miners.find(name), words), progress)
        said = mined.to_json(self.display)
        for table, told in said["tables"].items():
            told["words"] = mined.table(table).words(self.display)
        return said

    def rows(self, name: str, words: Json, path: Path) -> None:
        """Write what an analysis says row by row to a file, as its name ends."""
        kind = path.suffix.removeprefix(".").lower()
        asked = laid_out.asked(self.workspace, build(miners.find(name), words), kind)
        laid_out.write(self.workspace.mine(asked), path)

    def plan(self, path: Path, options: Json) -> Json | None:
        """Say how a file would be read."""
        return _told(self.workspace.plan(path, **options))

    def check(self, path: Path, options: Json, progress: Progress) -> Json:
        """Read everything and write nothing."""
        del progress
        return _told(self.workspace.check(self.workspace.plan(path, **options)))

    def load(self, path: Path, options: Json, progress: Progress) -> Json:
        """Import a file or folder."""
        return _told(self.workspace.load(self.workspace.plan(path, **options), progress))

    def imports(self) -> list[Json]:
        """List the imports, newest first."""
        return [_told(batch) for batch in self.workspace.batches()]

    def undo(self, batch: str) -> Json:
        """Take an import back."""
        return _told(self.workspace.undo(batch))

    def segments(self) -> list[Json]:
        """List the saved segments with their sizes and sentences."""
        return [
            {
                "name": name,
                "size": len(self.workspace.members(told)),
                "sentence": told.sentence(self.display),
                "all": [_told(condition) for condition in told.all],
            }
            for name, told in self.workspace.segments().items()
        ]

    def save_segment(self, name: str, definition: Json) -> Json:
        """Save a segment and return its size."""
        return {"name": name, "size": self.workspace.save_segment(name, Segment.read(definition))}

    def remove_segment(self, name: str) -> Json:
        """Remove a saved segment."""
        self.workspace.remove_segment(name)
        return {"name": name, "removed": True}

    def hooks(self) -> list[Json]:
        """List the webhooks."""
        return [{**plain(kept), "guessed": guessed(flat(kept.sample))} for kept in self.workspace.hooks.all()]

    def save_hook(self, name: str, told: Json) -> Json:
        """Keep a webhook; ``address`` is told when it is new."""
        hook = hook_of({**told, "name": name})
        secret = self.workspace.hooks.save(hook)
        return {**plain(hook), **({"address": f"/hooks/{secret}"} if secret else {})}

    def remove_hook(self, name: str) -> Json:
        """Forget a webhook."""
        self.workspace.hooks.remove(name)
        return {"removed": name}

    def pictures(self) -> list[Json]:
        """List the pictures of pages."""
        return [plain(one) for one in self.workspace.pictures.all()]

    def save_picture(self, page: str, window: str, file: Path) -> Json:
        """Keep a page's picture."""
        kept: Json = plain(self.workspace.pictures.save(page, window, content(file)))
        return kept

    def remove_picture(self, page: str, window: str) -> Json:
        """Forget a page's picture."""
        self.workspace.pictures.remove(page, window)
        return {"removed": page}

    def surveys(self) -> list[Json]:
        """List the surveys, newest first."""
        return [plain(survey) for survey in self.workspace.surveys.all()]

    def save_survey(self, name: str, told: Json) -> Json:
        """Keep a survey under its name."""
        survey = build(Survey, {**told, "name": name})
        self.workspace.surveys.save(survey)
        kept: Json = plain(survey)
        return kept

    def remove_survey(self, name: str) -> Json:
        """Forget a survey."""
        self.workspace.surveys.remove(name)
        return {"removed": name}

    def survey_links(self, name: str, segment: str, address: str) -> list[Json]:
        """Make a link for each customer."""
        return list(self.workspace.surveys.links(name, segment, address))

    def keys(self) -> list[Json]:
        """List the keys of programs, the newest first."""
        return [_told(key) for key in self.workspace.keys.all()]

    def create_key(self, told: Json) -> Json:
        """Make a key: its text as ``key``, told this once."""
        made, text = self.workspace.keys.create(**told)
        return {"key": text, **_told(made)}

    def revoke_key(self, name: str) -> Json:
        """End a key, by its name or its first letters."""
        return _told(self.workspace.keys.revoke(name))

    def customers(self, asked: Json) -> Json:
        """List customers: ``total`` and ``rows`` as objects."""
        told = self.workspace.definition(asked["segment"]) if asked.get("segment") else None
        page = self.workspace.customers(msgspec.convert({**asked, "segment": told}, People))
        return {"total": page.total, "offset": asked.get("offset", 0), "rows": people(page)}

    def sql(self, query: str, limit: int) -> Json:
        """Run a read-only query: ``columns`` and ``rows``."""
        table = self.workspace.sql(query, limit)
        return {"columns": table.column_names, "rows": [list(row.values()) for row in table.to_pylist()]}

    def sources(self) -> list[Json]:
        """List the sources."""
        return [told_sources.source(one, self.said.tongue) for one in self.workspace.sources.list()]

    def add_source(self, told: Json) -> Json:
        """Set up a source."""
        return told_sources.source(self.workspace.sources.add(told), self.said.tongue)

    def look_at_source(self, told: str | Json) -> Json:
        """Try a source, by name or not set up yet."""
        return told_sources.look(self.workspace.sources.look(told), self.said.tongue)

    def run_source(self, name: str, *, again: bool) -> Json:
        """Fetch what is new."""
        if again:
            self.workspace.sources.again(name)
        return told_sources.report(self.workspace.sources.run(name), self.said.tongue)

    def change_source(self, name: str, changes: Json) -> Json:
        """Change a source."""
        return told_sources.source(self.workspace.sources.change(name, changes), self.said.tongue)

    def remove_source(self, name: str) -> Json:
        """Forget a source."""
        self.workspace.sources.remove(name)
        return {"removed": name}

    def find(self, who: str) -> int:
        """Return the number of the customer that has an identifier."""
        return self.workspace.find(who)

    def customer(self, number: int, asked: Json) -> Json:
        """Return everything known of a customer."""
        return told_customers.whole_of(self.workspace, number, asked, self.display)

    def write_note(self, number: int, told: Json) -> Json:
        """Write a note of a customer."""
        return {"id": self.workspace.profiles.write_note(number, told["text"], told.get("author", ""))}

    def consent(self, number: int, channel: str, told: Json) -> Json:
        """Keep what a customer said of a channel."""
        self.workspace.profiles.consent(number, channel, given=told["given"], how=told.get("how", ""))
        return told_customers.consents_of(self.workspace, number)

    def card(self, order: Json) -> Json:
        """Sign a short-lived link to a customer's card."""
        return told_customers.card(self.workspace, order, "")

    def duplicates(self, status: str, limit: int) -> Json:
        """List pairs of customers who may be one person."""
        return told_duplicates.listed(self.workspace, status, limit)

    def find_duplicates(self, automatic: bool | None) -> Json:
        """Look for pairs."""
        return told_duplicates.looked(self.workspace, automatic)

    def decide_duplicate(self, pair: int, verb: str, told: Json) -> Json:
        """Say something of a pair."""
        return told_duplicates.decided(self.workspace, pair, verb, told)

    def merges(self, customer: int | None, limit: int) -> Json:
        """List merges of customers, newest first."""
        number = None if customer is None else self.workspace.find(f"#{customer}")
        return told_merges.listed(self.workspace, number, limit)

    def merge(self, told: Json) -> Json:
        """Say that two customers are one person."""
        return told_merges.merged(self.workspace, msgspec.convert(told, told_merges.NewMerge))

    def unmerge(self, name: str, by: str) -> Json:
        """Take a merge back."""
        return told_merges.undone(self.workspace, name, by)

    def identity_rules(self, changes: Json) -> Json:
        """Change some rules of identity, if any, and return all."""
        return (
            told_identity.change_rules(self.workspace, changes)
            if changes
            else dump(self.workspace.identity_rules)
        )

    def preferences(self) -> Json:
        """List which source wins which trait."""
        return told_identity.preferences(self.workspace)

    def prefer(self, trait: str, told: Json) -> Json:
        """Decide which source wins a trait."""
        return told_identity.prefer(self.workspace, trait, msgspec.convert(told, told_identity.Preference))

    def households(self, limit: int) -> Json:
        """List customers who live together."""
        return told_identity.households(self.workspace, limit)

    def duplicate_rules(self, changes: Json) -> Json:
        """Change some rules of looking for duplicates, if any, and return all."""
        about = self.workspace.duplicates
        return dump(about.save_rules(changes) if changes else about.rules)

    def verify(self) -> Json:
        """Prove that the folder is whole: ``whole`` and ``problems``."""
        wrong = self.workspace.verify()
        told = [{"path": str(p.path), "what": p.what.of(self.said.tongue)} for p in wrong]
        return {"whole": not wrong, "problems": told}

    def rebuild(self, progress: Progress) -> Json:
        """Make everything derived anew."""
        self.workspace.rebuild(progress)
        return {"data_version": self.workspace.store.data_version}


def _told(value: Any) -> Json:
    told: Json = plain(value)
    return told
