"""The long road: the server that holds the folder, over its HTTP API."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import ProxyHandler, Request, build_opener

from ganj.errors import GanjError
from ganj.faces.cli.asking import Call
from ganj.faces.cli.files import content
from ganj.faces.cli.road import Json, Progress
from ganj.text import Text


class ServerSaid(GanjError):
    """A mistake that the server explains. Facts: ``title``, ``detail``."""

    code: str
    """The name of the mistake's class on the server."""

    says = Text("{title}", "{title}")
    hint = Text("{detail}", "{detail}")


class NoServer(GanjError):
    """The server that holds a workspace does not answer. Facts: ``url``."""

    status = 503
    says = Text(
        "The server at {url} holds the workspace but does not answer.",
        "سرور {url} فضای کار را در اختیار دارد ولی پاسخ نمی‌دهد.",
    )
    hint = Text("Wait a moment, or restart it.", "کمی صبر کنید یا آن را دوباره راه بیندازید.")


class Far:
    """A workspace behind a server; see `ganj.faces.cli.road.Road`."""

    def __init__(self, url: str, token: str, said: Call) -> None:
        self.url, self.token, self.said = url.rstrip("/"), token, said
        # The server is on this machine: a proxy for the outside world is not for it.
        self._opener = build_opener(ProxyHandler({}))

    def settings(self) -> Json:
        """Return the workspace's settings."""
        return self._ask("GET", "settings")

    def save_settings(self, changes: Json) -> Json:
        """Change some settings and return all."""
        return self._ask("PATCH", "settings", body=changes)

    def mine(self, name: str, words: Json, progress: Progress) -> Json:
        """Run an analysis; each table also says its rows in ``words``."""
        del progress
        return self._ask("GET", f"mine/{quote(name, safe='')}", {**words, "words": "1"})

    def rows(self, name: str, words: Json, path: Path) -> None:
        """Write what an analysis says row by row to a file, as its name ends."""
        kind = path.suffix.removeprefix(".").lower()
        with self._answer("GET", f"mine/{quote(name, safe='')}/rows", {**words, "format": kind}) as answer:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                shutil.copyfileobj(answer, file)

    def plan(self, path: Path, options: Json) -> Json | None:
        """Say nothing: only the server can know."""
        del path, options
        return None

    def check(self, path: Path, options: Json, progress: Progress) -> Json:
        """Read everything and write nothing."""
        del progress
        return self._ask("POST", "imports", body=_order(path, options, dry_run=True))

    def load(self, path: Path, options: Json, progress: Progress) -> Json:
        """Import a file or folder."""
        del progress
        return self._ask("POST", "imports", body=_order(path, options, dry_run=False))

    def imports(self) -> list[Json]:
        """List the imports, newest first."""
        return self._list("imports")

    def undo(self, batch: str) -> Json:
        """Take an import back."""
        return self._ask("DELETE", f"imports/{quote(batch, safe='')}")

    def segments(self) -> list[Json]:
        """List the saved segments with their sizes and sentences."""
        return self._list("segments")

    def save_segment(self, name: str, definition: Json) -> Json:
        """Save a segment and return its size."""
        return self._ask("PUT", f"segments/{quote(name, safe='')}", body=definition)

    def remove_segment(self, name: str) -> Json:
        """Remove a saved segment."""
        return self._ask("DELETE", f"segments/{quote(name, safe='')}")

    def hooks(self) -> list[Json]:
        """List the webhooks."""
        return self._list("hooks")

    def save_hook(self, name: str, told: Json) -> Json:
        """Keep a webhook; ``address`` is told when it is new."""
        return self._ask("PUT", f"hooks/{quote(name, safe='')}", body=told)

    def remove_hook(self, name: str) -> Json:
        """Forget a webhook."""
        return self._ask("DELETE", f"hooks/{quote(name, safe='')}")

    def pictures(self) -> list[Json]:
        """List the pictures of pages."""
        return self._list("pictures")

    def save_picture(self, page: str, window: str, file: Path) -> Json:
        """Keep a page's picture."""
        return self._ask("PUT", "pictures", {"page": page, "window": window}, content(file))

    def remove_picture(self, page: str, window: str) -> Json:
        """Forget a page's picture."""
        return self._ask("DELETE", "pictures", {"page": page, "window": window})

    def surveys(self) -> list[Json]:
        """List the surveys, newest first."""
        return self._list("surveys")

    def save_survey(self, name: str, told: Json) -> Json:
        """Keep a survey under its name."""
        return self._ask("PUT", f"surveys/{quote(name, safe='')}", body=told)

    def remove_survey(self, name: str) -> Json:
        """Forget a survey."""
        return self._ask("DELETE", f"surveys/{quote(name, safe='')}")

    def survey_links(self, name: str, segment: str, address: str) -> list[Json]:
        """Make a link for each customer."""
        asked = {"segment": segment, "address": address}
        rows: list[Json] = self._ask("GET", f"surveys/{quote(name, safe='')}/links", asked)["links"]
        return rows

    def keys(self) -> list[Json]:
        """List the keys of programs, the newest first."""
        return self._list("keys")

    def create_key(self, told: Json) -> Json:
        """Make a key: its text as ``key``, told this once."""
        return self._ask("POST", "keys", body=told)

    def revoke_key(self, name: str) -> Json:
        """End a key, by its name or its first letters."""
        return self._ask("DELETE", f"keys/{quote(name, safe='')}")

    def customers(self, asked: Json) -> Json:
        """List customers: ``total`` and ``rows`` as objects."""
        return self._ask("GET", "customers", asked)

    def sql(self, query: str, limit: int) -> Json:
        """Run a read-only query: ``columns`` and ``rows``."""
        return self._ask("POST", "sql", body={"query": query, "limit": limit})

    def sources(self) -> list[Json]:
        """List the sources."""
        return self._list("sources")

    def add_source(self, told: Json) -> Json:
        """Set up a source."""
        return self._ask("POST", "sources", body=told)

    def look_at_source(self, told: str | Json) -> Json:
        """Try a source, by name or not set up yet."""
        if isinstance(told, str):
            return self._ask("POST", f"sources/{quote(told, safe='')}/check", body={})
        return self._ask("POST", "sources/check", body=told)

    def run_source(self, name: str, *, again: bool) -> Json:
        """Fetch what is new."""
        return self._ask(
            "POST", f"sources/{quote(name, safe='')}/run", {"again": "1" if again else ""}, body={}
        )

    def change_source(self, name: str, changes: Json) -> Json:
        """Change a source."""
        return self._ask("PATCH", f"sources/{quote(name, safe='')}", body=changes)

    def remove_source(self, name: str) -> Json:
        """Forget a source."""
        return self._ask("DELETE", f"sources/{quote(name, safe='')}")

    def find(self, who: str) -> int:
        """Return the number of the customer that has an identifier."""
        return int(self._ask("GET", "customers/find", {"who": who})["customer"])

    def customer(self, number: int, asked: Json) -> Json:
        """Return everything known of a customer."""
        return self._ask("GET", f"customers/{number}", asked)

    def write_note(self, number: int, told: Json) -> Json:
        """Write a note of a customer."""
        return self._ask("POST", f"customers/{number}/notes", body=told)

    def consent(self, number: int, channel: str, told: Json) -> Json:
        """Keep what a customer said of a channel."""
        return self._ask("PUT", f"customers/{number}/consents/{quote(channel, safe='')}", body=told)

    def card(self, order: Json) -> Json:
        """Sign a short-lived link to a customer's card."""
        return self._ask("POST", "embed/customer", body=order)

    def duplicates(self, status: str, limit: int) -> Json:
        """List pairs of customers who may be one person."""
        return self._ask("GET", "duplicates", {"status": status, "limit": limit})

    def find_duplicates(self, automatic: bool | None) -> Json:
        """Look for pairs."""
        asked = {} if automatic is None else {"automatic": str(automatic).lower()}
        return self._ask("POST", "duplicates/find", asked)

    def decide_duplicate(self, pair: int, verb: str, told: Json) -> Json:
        """Say something of a pair."""
        return self._ask("POST", f"duplicates/{pair}/{verb}", body=told)

    def merges(self, customer: int | None, limit: int) -> Json:
        """List merges of customers, newest first."""
        place = "merges" if customer is None else f"customers/{customer}/merges"
        return self._ask("GET", place, {"limit": limit})

    def merge(self, told: Json) -> Json:
        """Say that two customers are one person."""
        return self._ask("POST", "merges", body=told)

    def unmerge(self, name: str, by: str) -> Json:
        """Take a merge back."""
        return self._ask("POST", f"merges/{quote(name, safe='')}/undo", {"by": by})

    def identity_rules(self, changes: Json) -> Json:
        """Change some rules of identity, if any, and return all."""
        return self._ask("PATCH" if changes else "GET", "identity/rules", body=changes or None)

    def preferences(self) -> Json:
        """List which source wins which trait."""
        return self._ask("GET", "identity/preferences")

    def prefer(self, trait: str, told: Json) -> Json:
        """Decide which source wins a trait."""
        return self._ask("PUT", f"identity/preferences/{quote(trait, safe='')}", body=told)

    def households(self, limit: int) -> Json:
        """List customers who live together."""
        return self._ask("GET", "households", {"limit": limit})

    def duplicate_rules(self, changes: Json) -> Json:
        """Change some rules of looking for duplicates, if any, and return all."""
        rules = self._ask("GET", "duplicates/rules")
        return self._ask("PUT", "duplicates/rules", body={**rules, **changes}) if changes else rules

    def verify(self) -> Json:
        """Prove that the folder is whole: ``whole`` and ``problems``."""
        return self._ask("GET", "verify")

    def rebuild(self, progress: Progress) -> Json:
        """Make everything derived anew."""
        del progress
        return self._ask("POST", "rebuild", body={})

    def _ask(
        self, method: str, path: str, words: Json | None = None, body: Json | bytes | None = None
    ) -> Json:
        with self._answer(method, path, words, body) as answer:
            told: Json = json.load(answer)
            return told

    def _list(self, path: str) -> list[Json]:
        with self._answer("GET", path) as answer:
            told: list[Json] = json.load(answer)
            return told

    @contextmanager
    def _answer(
        self, method: str, path: str, words: Json | None = None, body: Json | bytes | None = None
    ) -> Iterator[IO[bytes]]:
        asked = {name: value for name, value in (words or {}).items() if value not in (None, "")}
        if self.said.language:
            asked["language"] = self.said.language
        address = f"{self.url}/api/v1/{path}?{urlencode(asked, doseq=True)}"
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        request = Request(address, data, headers, method=method)  # noqa: S310 - the address is from our lock file
        try:
            with self._opener.open(request) as answer:
                yield answer
        except HTTPError as refused:
            raise _refusal(refused) from refused
        except URLError as silent:
            raise NoServer(url=self.url) from silent


def _order(path: Path, options: Json, *, dry_run: bool) -> Json:
    # The server stands in another folder than the person who typed the path.
    return {"path": str(path.resolve()), "options": options, "dry_run": dry_run}


def _refusal(refused: HTTPError) -> ServerSaid:
    try:
        body: dict[str, Any] = json.load(refused)
    except ValueError:
        body = {}
    error = ServerSaid(title=body.get("title") or refused.reason, detail=body.get("detail", ""))
    error.code = str(body.get("type", "")).rsplit("#", 1)[-1]
    error.status = refused.code  # type: ignore[misc] # this kind of mistake has the server's status
    return error
