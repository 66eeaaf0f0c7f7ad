"""The house stands on a fresh machine: locks, scripts, and what the read-me promises."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from tools.groups import members

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUN, DEV = (ROOT / name for name in ("requirements.lock", "requirements-dev.lock"))


def name_of(requirement):
    return re.match(r"[A-Za-z0-9._-]+", requirement).group().lower().replace("_", "-")


def pinned(lock):
    return set(re.findall(r"^([a-z0-9.-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize(
    ("lock", "needed"),
    [
        (RUN, PROJECT["project"]["dependencies"]),
        (DEV, PROJECT["project"]["dependencies"] + members(PROJECT["dependency-groups"], "dev")),
    ],
    ids=["run", "dev"],
)
def test_a_lock_holds_what_is_needed_with_hashes_and_names_no_place(lock, needed):
    text = lock.read_text(encoding="utf-8")
    assert {name_of(requirement) for requirement in needed} - pinned(lock) == set(), "run `make lock`"
    assert "://" not in text
    assert text.count("==") - text.count("'") // 2 <= text.count("--hash=sha256:")


def test_both_locks_agree():
    def versions(lock):
        return set(re.findall(r"^([a-z0-9.-]+==\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE))

    assert versions(RUN) - versions(DEV) == set()


def test_dependencies_have_lower_bounds_only():
    bounded = [r for r in PROJECT["project"]["dependencies"] if "<" in r or "==" in r]
    assert [name_of(requirement) for requirement in bounded] == [
        "duckdb"
    ]  # docs/reference/dependencies.md says why
    assert all(">=" in requirement for requirement in PROJECT["project"]["dependencies"])


@pytest.mark.parametrize("script", ["tools/env.sh", "tools/browser.sh"])
def test_scripts_are_plain_shell(script):
    subprocess.run(["sh", "-n", str(ROOT / script)], check=True)


def test_the_read_me_s_commands_are_those_of_make():
    lines = [line.strip() for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "sh tools/env.sh run && .venv/bin/ganj demo" in readme
    assert "$(BIN)/ganj demo" in lines
    assert "sh tools/env.sh dev && sh tools/browser.sh && .venv/bin/pytest -n 2 --dist loadfile" in readme
    assert "$(BIN)/pytest -n $(WORKERS) --dist loadfile" in lines
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")
