"""The documents beside the code say what the code says."""

import json
import re
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ENVIRONMENT_NAME = re.compile(r'(?:\benv\.\w+|\bsecret|\blisted)\(\s*"([A-Z][A-Z0-9_]*)"')
READ_FROM = (
    "adgang/settings.py",
    "adgang/key_settings.py",
    "adgang/operations_settings.py",
    "adgang/provider_settings.py",
    "adgang/serve/gunicorn_config.py",
)
# Their files may be deep; these are the ones people read first.
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", *map(str, Path("docs").rglob("*.md"))]


def first_cells(text: str) -> list[str]:
    """Return the first cell of every table row, without code marks."""
    return [cell.strip("` ") for cell in re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)]


def name(requirement: str) -> str:
    return re.split(r"[\[<>=~!;]", requirement)[0].strip()


def test_every_dependency_has_its_line_and_no_other() -> None:
    lists = [ROOT / "package.json", ROOT / "tests" / "servers" / "oidc_provider" / "package.json"]
    packages = {package for path in lists for package in json.loads(path.read_text())["dependencies"]}
    packages |= {name(line) for line in (ROOT / "tests/servers/saml_idp/requirements.in").read_text().split()}
    extras = [requirement for extra in PROJECT["project"]["optional-dependencies"].values() for requirement in extra]
    requirements = [*PROJECT["project"]["dependencies"], *extras, *PROJECT["dependency-groups"]["dev"]]
    listed = set(first_cells((ROOT / "docs" / "dependencies.md").read_text())) - {"package", "---"}
    assert listed == {name(requirement) for requirement in requirements} | packages


def test_every_setting_has_its_line_and_no_other() -> None:
    read = {found for path in READ_FROM for found in ENVIRONMENT_NAME.findall((ROOT / path).read_text())}
    configuration = (ROOT / "README.md").read_text().partition("## Configuration")[2].partition("\n## ")[0]
    assert set(first_cells(configuration)) - {"variable", "---"} == read


def test_every_command_has_its_line() -> None:
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py") if path.stem != "__init__"}
    text = (ROOT / "README.md").read_text().partition("## Commands")[2].partition("\n## ")[0]
    listed = [cell for cell in first_cells(text) if cell.startswith("manage.py ")]
    named = {part.strip("` ").removeprefix("manage.py ").split()[0] for cell in listed for part in cell.split(", ")}
    assert named == commands


def test_every_make_target_has_its_line() -> None:
    targets = set(re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split())  # type: ignore[index]
    text = (ROOT / "README.md").read_text().partition("## Commands")[2].partition("\n## ")[0]
    assert {cell.removeprefix("make ") for cell in first_cells(text) if cell.startswith("make ")} == targets - {"help"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_to_files_that_are_there(document: str) -> None:
    path = ROOT / document
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text())
    assert [target for target in targets if "://" not in target and not (path.parent / target).exists()] == []


def test_the_screenshot_is_small() -> None:
    assert (ROOT / "docs" / "overview.png").stat().st_size < 300_000


def test_the_version_is_said_once() -> None:
    import adgang

    version = PROJECT["project"]["version"]
    assert adgang.__version__ == version
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()
    assert f"image: adgang:{version}" in (ROOT / "docker-compose.yml").read_text()
