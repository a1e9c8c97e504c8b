"""Measurements as JSON and as a table."""

import json
from pathlib import Path

from benchmarks.registry import Measurement

HEADER = ("", "measured", "reference", "ratio", "bar", "met")


def as_json(measured: dict[str, Measurement]) -> str:
    """Return the measurements as a JSON list, one object per benchmark."""
    return json.dumps([_row(id, measurement) for id, measurement in measured.items()], ensure_ascii=False, indent=2)


def _row(id: str, measurement: Measurement) -> dict[str, object]:
    return {
        "id": id,
        "value": measurement.value,
        "unit": measurement.unit,
        "reference": measurement.reference,
        "ratio": ratio(measurement),
        "bar": measurement.bar,
        "met": measurement.met,
        "notes": measurement.notes,
    }


def ratio(measurement: Measurement) -> float | None:
    """Return the ratio stated, or value ÷ reference; None without a reference."""
    if measurement.ratio is not None or not measurement.reference:
        return measurement.ratio
    return measurement.value / measurement.reference


def as_table(measured: dict[str, Measurement]) -> str:
    """Return a Markdown table, its notes below it."""
    rows = [HEADER, *(_cells(id, measurement) for id, measurement in measured.items())]
    widths = [max(3, *(len(row[column]) for row in rows)) for column in range(len(HEADER))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    notes = [f"- {id}: {measurement.notes}" for id, measurement in measured.items() if measurement.notes]
    return "\n".join([*lines, "", *notes]).rstrip()


def _cells(id: str, measurement: Measurement) -> tuple[str, ...]:
    of = ratio(measurement)
    return (
        id,
        f"{_figure(measurement.value)} {measurement.unit}".strip(),
        "–" if measurement.reference is None else f"{_figure(measurement.reference)} {measurement.unit}".strip(),
        "–" if of is None else f"{of:.2f}",
        measurement.bar,
        "yes" if measurement.met else "NO",
    )


def _figure(value: float) -> str:
    if value == int(value) and abs(value) < 1e9:
        return str(int(value))
    return f"{value:.4g}"


def write_json(path: Path, measured: dict[str, Measurement]) -> None:
    path.write_text(as_json(measured) + "\n", encoding="utf-8")
