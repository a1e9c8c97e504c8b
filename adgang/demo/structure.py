"""The contact structure of the demo municipality, read from `structure.txt`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("structure.txt")
AUDIENCES = {"B": "CITIZEN", "C": "COMPANY", "M": "AUTHORITY"}
PLACEHOLDER = "Change me"


@dataclass(frozen=True)
class DemoPoint:
    """A contact point of the demo. `path` names its groups from the top; `fault` what is wrong with it, or ""."""

    path: tuple[str, ...]
    name: str
    code: str
    terms: tuple[str, ...]
    audiences: tuple[str, ...]
    fault: str

    @property
    def description(self) -> str:
        """The line that writers see under the name."""
        if self.fault == "placeholder":
            return PLACEHOLDER
        if self.name.startswith("Spørg"):
            return "Her kan du skrive, når du ikke ved, hvem der kan hjælpe."
        if not self.terms:
            return f"Her kan du skrive til {self.name}."
        *first, last = self.terms
        return f"Her kan du skrive om {', '.join(first)} og {last}." if first else f"Her kan du skrive om {last}."

    @property
    def active(self) -> bool:
        """Whether post reaches the point."""
        return self.fault not in ("visible-but-closed", "closed")

    @property
    def visible(self) -> bool:
        """Whether writers find the point."""
        return self.fault not in ("reply-only", "closed")


def demo_points() -> list[DemoPoint]:
    """Return every point of the demo structure, in its order."""
    return list(_read(SOURCE.read_text(encoding="utf-8").splitlines()))


def _read(lines: list[str]) -> Iterator[DemoPoint]:
    path: list[str] = []
    for line in lines:
        text = line.strip()
        depth = (len(line) - len(line.lstrip())) // 2
        if not text or text.startswith("#"):
            continue
        if text.startswith("= "):
            path = [*path[:depth], text[2:]]
        else:
            yield _point(tuple(path[:depth]), text)


def _point(path: tuple[str, ...], text: str) -> DemoPoint:
    name, code, *rest = (cell.strip() for cell in text.split("|"))
    fault = next((cell[1:] for cell in rest if cell.startswith("!")), "")
    terms = next((cell for cell in rest if cell and not cell.startswith("!") and not _is_audience(cell)), "")
    audiences = next((cell for cell in rest if _is_audience(cell)), "B")
    return DemoPoint(
        path=path,
        name=name,
        code=code,
        terms=tuple(term.strip() for term in terms.split(",") if term.strip()),
        audiences=tuple(AUDIENCES[letter] for letter in audiences),
        fault=fault,
    )


def _is_audience(cell: str) -> bool:
    return bool(cell) and set(cell) <= set(AUDIENCES)
