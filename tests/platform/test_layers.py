"""The contracts of import-linter name everything there is, so that a new package cannot slip past them."""

import tomllib

from tests.servers.installation import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS, UPPER = CONTRACTS


def test_every_room_has_its_floor() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/apps.py")} - {"adgang"}
    assert set(LAYERS["layers"]) == rooms | {"adgang.lib"}
    assert set(UPPER["source_modules"]) == rooms | {"adgang.lib"}


def test_every_part_of_the_house_is_out_of_reach_of_the_rooms() -> None:
    parts = {
        f"adgang.{path.stem}"
        for path in (ROOT / "adgang").iterdir()
        if (path / "__init__.py").exists() or (path.suffix == ".py" and path.stem != "__init__")
    }
    assert set(UPPER["forbidden_modules"]) == parts - {"adgang.lib"}
