"""How the commands of the set-up file show a plan."""

import json
from pathlib import Path

from django.core.management.base import CommandError, OutputWrapper
from django.utils.translation import gettext as _

from adgang.lib.commands import MARKS, REFUSED, UNUSABLE, read_files
from adgang.setup import documents
from adgang.setup.changes import Act, Change
from adgang.setup.nodes import Unreadable
from adgang.setup.planning import Plan
from contacts.management.arguments import organisation_of
from organisations.models import Organisation

SIGNS = {Act.ADDED: "+", Act.CHANGED: "~", Act.MOVED: ">", Act.REMOVED: "-"}


def read_setup(path: Path, cvr: str | None) -> tuple[Organisation, bytes]:
    """Return whose set-up a file is, unless `cvr` says it, and its content. Raises CommandError (exit code 1 or 2)."""
    ((_path, content),) = read_files([path], limit=documents.MAX_BYTES)
    if cvr is None:
        try:
            cvr = documents.read(content).cvr
        except Unreadable as unreadable:
            found = unreadable.found
            where = _("line %(line)s: ") % {"line": found.line} if found.line else ""
            raise CommandError(
                f"{path}: {where}{found.finding.message} {found.finding.remedy}", returncode=REFUSED
            ) from None
    if not cvr:
        raise CommandError(_("The file does not say whose set-up it is (cvrNumber)."), returncode=UNUSABLE)
    return organisation_of(cvr), content


def show_findings(stream: OutputWrapper, plan: Plan) -> None:
    """Write what was found about a file, in its order."""
    for one in sorted(plan.findings, key=lambda found: found.line or 0):
        where = _("line %(line)s: ") % {"line": one.line} if one.line else ""
        key = f"{one.key}: " if one.key else ""
        stream.write(f"{MARKS[one.finding.severity]} {where}{key}{one.finding.message} [{one.finding.code}]")
        if one.finding.remedy:
            stream.write(f"  → {one.finding.remedy}")


def show_changes(stream: OutputWrapper, plan: Plan) -> None:
    """Write what would be different, object by object and field by field, and the fingerprint of it all."""
    for change in plan.changes:
        stream.write(_line(change))
    counts = ", ".join(f"{SIGNS[act]} {count}" for act, count in plan.counts.items())
    stream.write(_("%(count)s changes (%(counts)s).") % {"count": len(plan.changes), "counts": counts})
    if plan.changes:
        stream.write(_("Fingerprint of this plan: %(digest)s") % {"digest": plan.digest})


def _line(change: Change) -> str:
    where = f"{change.path} / " if change.path else ""
    head = f"{SIGNS[change.act]} {change.kind} {where}{change.name}"
    if change.act is Act.REMOVED:
        return head
    fields = [one for one in change.fields if change.act is not Act.ADDED or one.key not in ("name", "place", "letter")]
    return "\n".join([head, *(f"    {one.key}: {_pair(change, one.before, one.after)}" for one in fields)])


def _pair(change: Change, before: str, after: str) -> str:
    return repr(after) if change.act is Act.ADDED else f"{before!r} → {after!r}"


def write_plan(stream: OutputWrapper, plan: Plan) -> None:
    """Write a plan for programs."""
    stream.write(json.dumps(plan.as_json(), ensure_ascii=False, indent=2))
