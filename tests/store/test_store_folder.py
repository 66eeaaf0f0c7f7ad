"""The folder outlives what may happen to it: another process, lost files, flipped bytes, a full disk."""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ganj.errors import DiskFull, NotAWorkspace, WorkspaceBusy, WorkspaceExists
from ganj.store import Limits, NotLoaded, Store, UnknownBatch
from store_words import load, replay, rows, told

FIRST = ["ali order@1 O1 apple*1@5 ~name=Ali", "sara visit@2 city=Rey", "- visit@2"]
SECOND = ["ali order@1 O1 fig*1@7", "reza visit@3"]


@pytest.fixture(params=[10_000, 0], ids=["fresh", "sealed"])
def folder(request, tmp_path):
    with Store.create(tmp_path / "shop", buckets=2, limits=Limits(fresh=request.param)) as store:
        load(store, FIRST)
        load(store, SECOND)
    return tmp_path / "shop"


def test_a_folder_is_begun_once_and_opened_as_what_it_is(folder, tmp_path):
    with pytest.raises(WorkspaceExists, match="already holds a workspace"):
        Store.create(folder)
    with pytest.raises(NotAWorkspace, match="is not a ganj workspace"):
        Store.open(tmp_path / "elsewhere")


def test_a_second_opener_is_told_who_has_the_folder(folder):
    with Store.open(folder) as store:
        asked = [sys.executable, "-c", OPEN, str(folder)]
        said = subprocess.run(asked, capture_output=True, text=True, check=False)
        assert said.stdout.strip() == f"{folder} is in use by process {os.getpid()}."
        store.serving("http://127.0.0.1:8000")
        with pytest.raises(WorkspaceBusy, match=r"in use by http://127\.0\.0\.1:8000"):
            Store.open(folder)
    Store.open(folder).close()  # let go: now it opens


OPEN = """
import sys
import tempfile
from ganj.errors import WorkspaceBusy
from ganj.store import Store
try:
    Store.open(sys.argv[1])
except WorkspaceBusy as busy:
    print(busy)
"""


def test_what_is_stored_is_there_after_closing(folder):
    with Store.open(folder) as store:
        assert not store.needs_rebuild
        assert [line[0] for line in told(store)] == [
            "customer_id:ali name=Ali",
            "customer_id:reza",
            "customer_id:sara",
            "nobody",
        ]
        assert store.verify() == []


@pytest.mark.parametrize("harm", ["deleted", "junk", "cut", "a run is gone"])
def test_what_is_derived_is_made_anew_with_equal_answers(folder, harm):
    with Store.open(folder) as store:
        store.seal()
        before, version = told(store), store.data_version
    database = folder / "ganj.duckdb"
    if harm == "deleted":
        database.unlink()
    elif harm == "junk":
        database.write_bytes(b"no database at all" * 1000)
    elif harm == "cut":
        os.truncate(database, database.stat().st_size // 3)
    else:
        next((folder / "runs").iterdir()).unlink()
    with Store.open(folder) as store:
        assert store.needs_rebuild
        store.rebuild(replay)
        assert (told(store), store.data_version, store.needs_rebuild) == (before, version, False)
        assert store.verify() == []


def test_verify_finds_a_flipped_byte_in_what_came_in_and_in_what_follows(folder):
    with Store.open(folder) as store:
        store.seal()
        kept = next((folder / "imports" / "000001" / "files").iterdir())
        run = next((folder / "runs").iterdir())
        for path in (kept, run):
            flip(path)
            (problem,) = store.verify()
            assert problem.path == str(path)
            assert "bytes have changed" in problem.what.en
            flip(path)
        assert store.verify() == []
        kept.unlink()
        assert [problem.what.en for problem in store.verify()] == ["The file is missing."]


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_kept_files_are_as_they_came(folder):
    kept = folder / "imports" / "000001" / "files" / "lines.txt"
    assert kept.read_text(encoding="utf-8") == "\n".join(FIRST)


def test_an_abandoned_import_leaves_no_trace(folder):
    with Store.open(folder) as store:
        before, version = told(store), store.data_version
        batch = store.begin("orders", {}, [Path(__file__)])
        store.stage(batch, rows("zoe order@9 O9 apple*1@5"))
        store.abandon(batch)
        assert (told(store), store.data_version, len(store.batches())) == (before, version, 2)
        assert {path.name for path in (folder / "imports").iterdir()} == {"000001", "000002"}


def test_an_import_that_was_left_is_taken_up_again(folder):
    with Store.open(folder) as store:
        batch = store.begin("orders", {"read": "so"}, [Path(__file__)])
        store.stage(batch, rows("zoe order@9 O9 apple*1@5"))
    with Store.open(folder) as store:
        assert [info.status for info in store.batches()] == ["loaded", "loaded", "begun"]
        batch = store.resume(3)
        assert (batch.plan, batch.files[0].name) == ({"read": "so"}, Path(__file__).name)
        store.stage(batch, rows("zoe order@9 O9 apple*1@5"))
        assert store.commit(batch).imported == 1


def test_only_what_is_loaded_is_taken_back(folder):
    with Store.open(folder) as store:
        with pytest.raises(UnknownBatch, match="no import 7"):
            store.undo(7, replay)
        store.undo(2, replay)
        with pytest.raises(NotLoaded, match="not among the loaded"):
            store.undo(2, replay)
    with Store.open(folder) as store:  # it stays undone, and is not loaded again by a rebuild
        store.rebuild(replay)
        assert [info.status for info in store.batches()] == ["loaded", "undone"]
        assert "customer_id:reza" not in [line[0] for line in told(store)]


def test_a_replay_that_fails_changes_nothing(folder):
    def broken(batch):
        yield from replay(batch)
        raise FileNotFoundError(batch.files[0])

    with Store.open(folder) as store:
        before = told(store)
        with pytest.raises(FileNotFoundError):
            store.undo(1, broken)
        assert (told(store), store.verify()) == (before, [])


FILL = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from store_words import rows, told
from ganj.errors import DiskFull
from ganj.store import Limits, Store

store = Store.open(sys.argv[1], Limits(fresh=int(sys.argv[3])))
before = told(store)
file = Path(sys.argv[1]).parent / "lines.txt"
lines = [f"c{n} order@{n % 300} O{n} p{n}*1@5 city=Rey" for n in range(8_000)]
file.write_text("\\n".join(lines))
batch = store.begin("orders", {}, [file])
many = rows(lines)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), resource.RLIM_INFINITY))
try:
    store.stage(batch, many)
    store.commit(batch)
    print("stored")
except DiskFull as full:
    print(full.facts["path"] != "")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert told(store) == before, "something was stored"
assert store.verify() == []
store.stage(batch, many)
print(store.commit(batch).imported, store.verify())
store.close()
"""


@pytest.mark.parametrize("folder", [10_000], indirect=True)
@pytest.mark.parametrize(("fresh", "room"), [(0, 20_000), (100_000, 450_000)])
def test_a_full_disk_stops_an_import_and_the_same_import_goes_on(folder, fresh, room):
    """The largest a file may become stands for the disk: the system refuses the write in the same way."""
    tests = str(Path(__file__).parents[1])
    asked = [sys.executable, "-c", FILL, str(folder), tests, str(fresh), str(room)]
    said = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=120)
    assert said.stdout.splitlines() == ["True", "8000 []"], said.stderr[-2000:]


def test_a_disk_too_full_for_the_file_itself(folder):
    with Store.open(folder) as store:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        big = folder.parent / "big.csv"
        big.write_bytes(b"x" * 300_000)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
        try:
            with pytest.raises(DiskFull, match="no space left"):
                store.begin("orders", {}, [big])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert len(store.batches()) == 2
        assert {path.name for path in (folder / "imports").iterdir()} == {"000001", "000002"}


def test_a_folder_that_belongs_to_somebody_else_is_refused_in_words():
    nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
    other = nobody if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        folder, own = Path(place) / "shop", Path(place) / "own"
        Store.create(folder).close()
        own.mkdir()
        own.chmod(0o777)
        folder.chmod(
            0o755 if other else 0
        )  # who is not root cannot be another: its own folder is closed to it
        done = subprocess.run(
            [*other, sys.executable, "-m", "ganj", "-w", str(folder), "key", "list"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "HOME": str(own), "NUMBA_CACHE_DIR": str(own)},
        )
    assert done.returncode
    assert "may not read and write the workspace" in done.stderr
    assert "Traceback" not in done.stderr
