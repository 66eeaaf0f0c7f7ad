"""Closing waits for those who read: a server that is stopped still answers what it was asked."""

import threading

from ganj.store.database import Database


def test_closing_waits_for_a_reader(tmp_path):
    database = Database(tmp_path / "x.duckdb", tmp_path, "100MB", 1)
    reading, go_on = threading.Event(), threading.Event()
    found = []

    def read():
        with database.cursor() as cursor:
            reading.set()
            go_on.wait(10)
            found.append(cursor.execute("select count(*) from range(1000)").fetchone())

    reader, closer = threading.Thread(target=read), threading.Thread(target=database.close)
    reader.start()
    reading.wait(10)
    closer.start()
    closer.join(0.2)
    assert closer.is_alive()
    go_on.set()
    reader.join()
    closer.join(10)
    assert not closer.is_alive()
    assert found == [(1000,)]
