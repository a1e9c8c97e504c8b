"""Fixtures of the tests of systems."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import translation

from adgang.lib import slots
from systems.dependants import Dependant
from systems.models import System


@pytest.fixture
def english() -> Iterator[None]:
    """Read texts in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def depended_on(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that lets a system have dependants, as the rooms above say it has."""

    def fill(of: System, *names: str) -> None:
        def dependants(asked: System) -> list[Dependant]:
            found = [
                Dependant(name=name, kind="Kontaktpunkt", url=f"/punkter/{name}/", move_url="/punkter/flyt/")
                for name in names
            ]
            return found if asked.pk == of.pk else []

        monkeypatch.setitem(slots._filled, "system_dependants", [dependants])

    return fill
