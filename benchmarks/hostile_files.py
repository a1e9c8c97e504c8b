"""R3: hostile messages, containers, tables and pictures, to the rules and through the pages."""

import io
import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from benchmarks.hostile import BAR_MIB, BAR_SECONDS, THROUGH_THE_PAGE, UPLOADS, memory
from benchmarks.registry import Measurement, benchmark
from contacts import importing
from contacts.models import ContactPoint
from memo import letter_import, received
from memo.models import LetterType
from memo.received import Received
from memo.reports import Limits
from organisations import logos
from organisations.models import Event, Organisation
from tests.contacts.people import authority
from tests.factories import hostile_files
from tests.factories.hostile_files import HostileFile
from tests.factories.organisations import Role, client_for, user_with

PAGES = {
    "memo": ("memo/", "messages", "brev.xml"),
    "container": ("memo/", "messages", "post.tar.lzma"),
    "letters": ("memo/brevtyper/importer/", "file", "breve.csv"),
}


@benchmark("R3B", "10,000 hostile uploads: messages, containers, CSV, XLSX, PNG")
def survived() -> Measurement:
    """Give every file to the rules of its kind; hand every tenth message, container or list in on its page."""
    here = authority()
    client = client_for(user_with(Role.LETTER_ADMINISTRATOR, organisation=here))
    client.raise_request_exception = False
    hostile_files.originals(), hostile_files.bombs()
    judge_one = judges(here)
    events, before = Event.objects.count(), memory()
    slowest: dict[str, float] = defaultdict(float)
    failures = 0
    logging.disable(logging.INFO)  # a thousand lines that say 200
    for number, one in enumerate(hostile_files.files(UPLOADS)):
        started = time.perf_counter()
        try:
            judge_one[one.kind](one.content)
            if number % THROUGH_THE_PAGE == 0 and one.kind in PAGES:
                failures += handed_in(client, here, one) >= 500
        except Exception:  # whatever it is, it would have been a page that says 500
            logging.exception("a file of kind %s", one.kind)
            failures += 1
        slowest[one.kind] = max(slowest[one.kind], time.perf_counter() - started)
    grown = memory() - before
    kept = ContactPoint.objects.count() + LetterType.objects.count()
    told = ", ".join(f"{kind} {taken * 1000:.0f}" for kind, taken in sorted(slowest.items()))
    return Measurement(
        value=failures + kept,
        unit="failures or things kept",
        bar=f"none; ≤ {BAR_SECONDS:.0f} s each, memory ≤ {BAR_MIB} MiB more",
        met=failures + kept == 0 and max(slowest.values()) <= BAR_SECONDS and grown <= BAR_MIB,
        notes=f"slowest in ms: {told}; memory grown by {grown:.0f} MiB over {before:.0f}, "
        f"{Event.objects.count() - events} events; {len(hostile_files.bombs())} bombs among them",
    )


def judges(here: Organisation) -> dict[str, Callable[[bytes], object]]:
    """Return, by kind, what reads such a file, as the page does before it answers."""
    return {
        "memo": looked_at,
        "container": looked_at,
        "csv": partial(_structure, here),
        "xlsx": partial(_structure, here),
        "letters": lambda content: letter_import.dry_run(organisation=here, content=content).changes,
        "png": lambda content: logos.read(io.BytesIO(content)),
    }


def _structure(here: Organisation, content: bytes) -> object:
    return importing.dry_run(organisation=here, content=content)


def looked_at(content: bytes) -> Received:
    """Check a message or container and make everything that its page shows."""
    checked = received.check([("brev.xml", io.BytesIO(content))], at=timezone.now(), limits=Limits.of_installation())
    for one in checked.messages:
        json.dumps([len(one.places), len(one.sections), one.as_file])
    return checked


def handed_in(client: Client, here: Organisation, one: HostileFile) -> int:
    """Return the status with which the page of such files answers."""
    page, name, filename = PAGES[one.kind]
    answer = client.post(f"/o/{here.cvr_number}/{page}", {name: SimpleUploadedFile(filename, one.content)})
    return int(answer.status_code)
