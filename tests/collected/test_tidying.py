"""What loading tidies up now and then changes no figure."""

import numpy as np
import pytest

import ganj
from collecting import collect, event, events, workspace
from ganj.store.collected import loader


def test_identities_go_to_files_and_figures_into_one_row(tmp_path, monkeypatch):
    monkeypatch.setattr(loader, "FLUSH", 40)
    with workspace(tmp_path) as shop:
        for part in range(6):
            collect(shop, *[event("Own", m=f"{part}-{n}", p={"n": n}) for n in range(30)], event(m="0-0"))
        (figures,) = shop.store.collection.state(100_000).sources
        assert (figures.accepted, figures.duplicates, figures.unknown) == (180, 6, 180)
        assert shop.store.collection.schema("Own")
        assert len(events(shop)) == 180
        shop.store.settle()
        files = list((shop.folder / "runs").glob("*.ids"))
        assert 1 <= len(files) <= 3
        assert sum(len(np.fromfile(file, "<u8")) for file in files) // 2 >= 120
        shop.rebuild()
        assert collect(shop, event(m="3-7"), event(m="0-0")).duplicates == 2
        assert shop.store.collection.state(100_000).sources[0].accepted == 180


@pytest.mark.parametrize("reopened", [False, True])
def test_what_came_when_identities_went_to_a_file_is_stored_once_all_the_same(
    tmp_path, monkeypatch, reopened
):
    monkeypatch.setattr(loader, "FLUSH", 40)
    parts = [[event(m=f"{part}-{n}") for n in range(size)] for part, size in enumerate((50, 30))]
    with workspace(tmp_path) as shop:  # the second load writes the identities of the first to a file
        for part in parts:
            collect(shop, *part)
        if not reopened:
            assert collect(shop, *parts[1]).duplicates == 30
    with ganj.open(tmp_path / "shop") as shop:
        assert collect(shop, *parts[1]).duplicates == 30
        assert collect(shop, *parts[0]).duplicates == 50
        assert len(events(shop)) == 80
