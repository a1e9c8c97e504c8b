"""P1 and P2: MeMo messages checked – one with a large document, and many small ones."""

import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.registry import Measurement, benchmark, median_pair, median_seconds, seconds

MEGABYTE = 1024 * 1024
P1_RATIO, P1_MEMORY, P1_FLAT = 1.5, 60, 0.2
P2_RATE, P2_FILES, P2_SIZE = 1000, 1000, 20_000
CONTAINER = 1000


@benchmark("P1", "a MeMo with a document of 100 MB: all rules")
def large_message() -> Measurement:
    """Beside lxml's streaming parse, strict base64 and SHA-256 of the same bytes; memory in processes of their own."""
    with tempfile.TemporaryDirectory() as folder:
        large = written(Path(folder) / "100.xml", 100)
        small = written(Path(folder) / "10.xml", 10)
        taken, floor = median_pair(lambda: check(large), lambda: bare(large), repeat=5)
        idle, at_10, at_100 = (memory_of(path) for path in ("", str(small), str(large)))
        others = alternatives(small)
    above_10, above_100 = at_10 - idle, at_100 - idle
    flat = abs(above_100 - above_10) <= max(P1_FLAT * above_10, 2)
    return Measurement(
        value=round(taken, 2),
        unit="s",
        reference=round(floor, 2),
        bar=f"≤ {P1_RATIO} ×; memory ≤ {P1_MEMORY} MB above idle, the same at 10 and 100 MB",
        met=taken <= P1_RATIO * floor and above_100 <= P1_MEMORY and flat,
        notes=(
            f"memory above idle: {above_10:.1f} MB at 10 MB, {above_100:.1f} MB at 100 MB. "
            f"Others, for the schema alone and 10 MB: {others}"
        ),
    )


@benchmark("P2", "1,000 MeMo files of 20 kB: all rules")
def small_messages() -> Measurement:
    """Beside lxml's parse and the compiled schema, which know neither rules nor lines of their own."""
    from lxml import etree

    from memo import schema_writing
    from memo.elements import Version

    files = list(many(P2_FILES))
    schema = etree.XMLSchema(etree.parse(str(schema_writing.path(Version.V1_1))))

    def with_lxml() -> None:
        for content in files:
            assert schema.validate(etree.fromstring(content))

    taken, floor = median_pair(lambda: [check_bytes(content) for content in files], with_lxml, repeat=5)
    container = packed(many(CONTAINER))
    streamed = median_seconds(lambda: unpacked(container), repeat=3)
    rate = len(files) / taken
    return Measurement(
        value=round(rate),
        unit="files/s",
        reference=round(len(files) / floor),
        ratio=round(taken / floor, 2),
        bar=f"≥ {P2_RATE:,} files/s on one core",
        met=rate >= P2_RATE,
        notes=(
            f"files of {len(files[0]) / 1000:.1f} kB. The reference is lxml's parse and schema alone; ratio of times. "
            f"xmlschema: {xmlschema_rate(files[:20]):.0f} files/s. "
            f"A container of {CONTAINER:,} messages ({len(container) // 1024:,} KB) is checked in {streamed:.2f} s"
        ),
    )


def written(path: Path, megabytes: int) -> Path:
    """Write a message with a document of so many MB, in lines of 76 letters as most libraries write them."""
    from memo import building
    from memo.messages import MainDocument
    from tests.factories.messages import PDF, body, file, message

    content = path.with_suffix(".pdf")
    with content.open("wb") as out:
        out.write(PDF)
        for _ in range(megabytes):
            out.write(os.urandom(MEGABYTE))
    made = message(
        message_body=body(main_document=MainDocument(file=(file("stor.pdf", content),)), additional_document=())
    )
    with path.open("wb") as out:
        building.write(made, out)
    content.unlink()
    return path


def many(count: int) -> Iterator[bytes]:
    """Yield messages of about 20 kB, each with a UUID of its own."""
    import uuid

    from memo.messages import MainDocument
    from tests.factories.messages import PDF, body, file, header, message
    from tests.factories.messages import written as as_bytes

    padding = bytes(range(256)) * 52
    for number in range(count):
        document = MainDocument(file=(file(content=PDF + padding + str(number).encode()),))
        head = header(message_uuid=uuid.UUID(int=number, version=4), label=f"Brev nr. {number}")
        yield as_bytes(message(message_header=head, message_body=body(main_document=document)))


def check(path: Path) -> None:
    """Check the file with all rules."""
    with path.open("rb") as source:
        assert _checked(source)


def check_bytes(content: bytes) -> None:
    """Check a message that is in memory."""
    assert _checked(io.BytesIO(content))


def _checked(source: object) -> bool:
    from memo.checking import check_message
    from memo.reports import Limits
    from tests.factories.messages import AT

    report = check_message(source, at=AT, limits=Limits(size=500 * MEGABYTE))  # type: ignore[arg-type]
    return report.valid


def bare(path: Path) -> None:
    """Parse as a stream with lxml, decode the base64 strictly and make its SHA-256: what nothing can go below."""
    import hashlib

    import pybase64
    from lxml import etree

    class Target:
        """Takes the text of the document."""

        def __init__(self) -> None:
            self.digest, self.inside, self.carry = hashlib.sha256(), False, b""

        def start(self, tag: str, attributes: object) -> None:
            self.inside = tag.endswith("}content")

        def end(self, tag: str) -> None:
            if self.inside:
                self.digest.update(pybase64.b64decode(self.carry, validate=True))
            self.inside, self.carry = False, b""

        def data(self, text: str) -> None:
            if self.inside:
                letters = self.carry + text.encode("ascii")
                whole = len(letters) & ~3
                if whole and b"=" not in letters[-4:]:
                    self.digest.update(pybase64.b64decode(letters[:whole], validate=True))
                    letters = letters[whole:]
                self.carry = letters

        def close(self) -> None:
            """Nothing is left to do."""

    parser = etree.XMLParser(target=Target(), huge_tree=True)
    with path.open("rb") as source:
        while chunk := source.read(64 * 1024):
            parser.feed(chunk)
    parser.close()


MEMORY = """
import resource, sys
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
import django
django.setup()
from benchmarks import messages
from pathlib import Path
messages.check_bytes(next(messages.many(1)))
if sys.argv[1]:
    messages.check(Path(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def memory_of(path: str) -> float:
    """Return the most memory, in MB, of a process that checks the file; "" checks a small one only."""
    done = subprocess.run([sys.executable, "-c", MEMORY, path], capture_output=True, check=True, text=True)
    return int(done.stdout) / 1024


def alternatives(path: Path) -> str:
    """Return how long, and with how much memory, other validators take for the schema alone."""
    told = []
    for name, code in ALTERNATIVES.items():
        command = [sys.executable, "-c", code + MOST_MEMORY, str(path)]
        started = time.perf_counter()
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        taken = time.perf_counter() - started
        told.append(f"{name} {taken:.1f} s, {int(done.stdout or 0) / 1024:,.0f} MB")
    return "; ".join(told)


MOST_MEMORY = "\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
ALTERNATIVES = {
    "lxml with the whole tree": (
        "import sys; from lxml import etree; schema = etree.XMLSchema(etree.parse('memo/schemas/memo-1.1.xsd'));"
        "schema.validate(etree.parse(sys.argv[1], etree.XMLParser(huge_tree=True)))"
    ),
    "xmlschema, lazy": (
        "import sys, xmlschema; schema = xmlschema.XMLSchema('memo/schemas/memo-1.1.xsd');"
        "schema.is_valid(xmlschema.XMLResource(sys.argv[1], lazy=True))"
    ),
}


def xmlschema_rate(files: list[bytes]) -> float:
    """Return how many files a second the xmlschema package validates."""
    import xmlschema

    schema = xmlschema.XMLSchema("memo/schemas/memo-1.1.xsd")
    taken = seconds(lambda: [schema.is_valid(content.decode()) for content in files])
    return len(files) / taken


def packed(contents: Iterator[bytes]) -> bytes:
    """Return a container of messages."""
    import uuid

    from memo import containers

    out = io.BytesIO()
    containers.write(((uuid.UUID(int=number, version=4), content) for number, content in enumerate(contents)), out)
    return out.getvalue()


def unpacked(container: bytes) -> None:
    """Check every message of a container."""
    from memo.containers import check_container
    from memo.reports import Limits
    from tests.factories.messages import AT

    *entries, outcome = check_container(io.BytesIO(container), at=AT, limits=Limits())
    assert outcome.findings == []
    assert len(entries) == CONTAINER
