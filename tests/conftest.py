"""Fixtures for every test."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from adgang.celery import app
from organisations import event_guard
from tests.services import counterpart

# How long an example takes says more about who else uses the machine than about the code. The same tree gives the same
# verdict twice; `HYPOTHESIS_PROFILE=search make test` draws other examples each time.
hypothesis_settings.register_profile("adgang", deadline=None, derandomize=True)
hypothesis_settings.register_profile("search", deadline=None, print_blob=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "adgang"))

REQUIRE_ALL = os.environ.get("ADGANG_REQUIRE_ALL") == "1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what concerns the other database, or no database and has its run; deselected is not skipped."""
    on_postgresql = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    foreign = {"sqlite", "browser", "once"} if on_postgresql else {"postgresql"}
    out = [item for item in items if foreign & {mark.name for mark in item.iter_markers()}]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]


@pytest.fixture(scope="session")
def require_service() -> Callable[..., str]:
    """Return a function that finds a program by one of its names, or skips the test naming what is absent."""

    def require(service: str, *names: str) -> str:
        for name in names or (service,):
            if path := shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/lib/openssh"):
                return path
        return _lacking(f"{service} is not installed on this machine")

    return require


@pytest.fixture(scope="session")
def require_packages() -> Callable[[str], Path]:
    """Return a function that finds the packages of a server of the tests, which `make test` installs."""

    def require(name: str) -> Path:
        folder = counterpart(name)
        return folder if (folder / ".packages").exists() else _lacking(f"the packages of {name} are not installed")

    return require


def _lacking(reason: str) -> NoReturn:
    if REQUIRE_ALL:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(autouse=True, scope="session")
def queue() -> str:
    """Let Celery read its settings before a test changes them: it reads them once, and keeps to them."""
    return str(app.conf.broker_url)


@pytest.fixture(autouse=True)
def danish() -> None:
    """Start every test in the language people see first; a request in English would leave the thread in it."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Start every test with an empty cache."""
    cache.clear()


@pytest.fixture(autouse=True)
def no_checkpoints() -> None:
    """Start every test without the checkpoints of the event chains that another one wrote."""
    shutil.rmtree(settings.VAR_DIR / "checkpoints", ignore_errors=True)


_flush = TransactionTestCase._fixture_teardown


def _flush_past_the_guard(self: TransactionTestCase) -> None:
    with event_guard.unlocked():
        _flush(self)


TransactionTestCase._fixture_teardown = _flush_past_the_guard
