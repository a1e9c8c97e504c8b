"""What the portal sees of the marking: how many letter types are finally marked, and what keeps the others from it."""

from django.urls import reverse
from django.utils.translation import ngettext

from adgang.overview.evidence import Evidence, Seen
from adgang.overview.facts import Facts
from memo.models import Mark
from organisations.rights import Right


def letters_marked(facts: Facts) -> Seen:
    """Whether every letter type is finally marked with a contact point that takes replies, or carries none."""
    letters = facts.letters
    if not letters.total:
        return Seen(done=False)
    text = ngettext(
        "%(marked)s of %(count)s letter type is finally marked",
        "%(marked)s of %(count)s letter types are finally marked",
        letters.total,
    )
    found = [_evidence(facts, text % {"marked": letters.marked, "count": letters.total})]
    if count := letters.marks[Mark.PROVISIONAL]:
        text = ngettext("%(count)s mark is provisional", "%(count)s marks are provisional", count)
        found.append(_evidence(facts, text % {"count": count}, "?mark=PROVISIONAL"))
    if letters.troubled:
        text = ngettext(
            "%(count)s has a contact point that is missing, closed or replaced",
            "%(count)s have contact points that are missing, closed or replaced",
            letters.troubled,
        )
        found.append(_evidence(facts, text % {"count": letters.troubled}, "?look=broken"))
    done = letters.marked == letters.total and not letters.troubled
    return Seen(done=done, found=tuple(found), begun=True)


def _evidence(facts: Facts, text: str, query: str = "") -> Evidence:
    url = reverse("letter_types", args=[facts.organisation.cvr_number]) + query
    return Evidence(text, url, Right.LETTERS_VIEW)
