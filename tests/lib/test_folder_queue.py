"""The queue in a folder: a message appears whole, and is taken by one reader."""

import os
import threading
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

from adgang.lib import folder_queue


def channel(folder: Path) -> Any:
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "c")}
    return Connection("filesystem://localhost/", transport_options=options).default_channel


def test_it_stands_for_the_address_of_the_settings(tmp_path: Path) -> None:
    assert type(channel(tmp_path)) is folder_queue.Channel


def test_nobody_sees_a_message_that_is_not_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queue, seen = channel(tmp_path), []
    rename = os.replace

    def watched(source: Path, target: Path) -> None:
        with pytest.raises(Empty):
            queue._get("checks")
        seen.append(source.read_bytes())
        rename(source, target)

    monkeypatch.setattr(os, "replace", watched)
    queue._put("checks", {"id": 1})
    assert seen == [b'{"id": 1}']
    assert queue._get("checks") == {"id": 1}
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def test_in_order_and_each_queue_its_own(tmp_path: Path) -> None:
    queue = channel(tmp_path)
    for number in range(3):
        queue._put("checks", number)
        queue._put("default", -number)
    assert [queue._get("checks") for _ in range(3)] == [0, 1, 2]
    with pytest.raises(Empty):
        queue._get("checks")
    assert queue._size("default") == 3


def test_under_load_each_message_reaches_one_reader(tmp_path: Path) -> None:
    count, found, lock = 300, [], threading.Lock()

    def write(start: int) -> None:
        queue = channel(tmp_path)
        for number in range(start, count, 2):
            queue._put("checks", {"number": number, "padding": "x" * 2000})

    def read() -> None:
        queue = channel(tmp_path)
        while len(found) < count:
            try:
                message = queue._get("checks")
            except Empty:
                continue
            with lock:
                found.append(message["number"])

    threads = [*(threading.Thread(target=write, args=(start,)) for start in range(2))]
    threads += [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(found) == list(range(count))
