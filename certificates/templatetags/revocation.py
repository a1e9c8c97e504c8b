"""`{% revocation certificate %}`: whether the certificate is revoked, as far as is known, with age and source."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.dates import moment
from certificates.models import Certificate, Revocation
from certificates.revocation.answers import OCSP, Answer
from certificates.revocation.standing import known, standing_of

register = template.Library()

# While the first answer is awaited the page asks for it this often; later, when workers are away, less.
OFTEN, SELDOM = "every 400ms", "every 5s"
PATIENCE = dt.timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Told:
    """The answer in a word in its colour, and what there is to say of it."""

    word: str
    colour: str
    text: str


@register.inclusion_tag("certificates/revocation.html", takes_context=True)
def revocation(context: template.Context, certificate: Certificate) -> dict[str, Any]:
    """Show the answer; while it is awaited, the page fetches it by itself."""
    at = timezone.now()
    answer, standing = known(certificate, at=at), standing_of(certificate)
    awaited = standing is not None and standing.checked is None and answer.status != Revocation.REVOKED
    request = context.get("request")
    return {
        "certificate": certificate,
        "told": told(answer, awaited=awaited),
        "awaited": awaited,
        "also_asked": awaited and answer.status == Revocation.GOOD,
        # Said aloud once, when the answer comes: a page that is opened, or asks again in vain, says nothing.
        "is_news": not awaited and request is not None and "HX-Request" in request.headers,
        "trigger": OFTEN if at - certificate.uploaded < PATIENCE else SELDOM,
        "path": request.path if request else "",
    }


def told(answer: Answer, *, awaited: bool) -> Told:
    """Return an answer in words; `awaited`: the issuer is being asked for the first time."""
    match answer.status:
        case Revocation.REVOKED:
            return Told(_("Revoked"), "error", answer.finding().message)
        case Revocation.GOOD:
            return Told(_("Not revoked"), "success", _source(answer))
    if awaited:
        return Told(_("Being checked"), "info", _("The issuer is being asked. The answer appears here by itself."))
    return Told(_("Not known"), "warning", " ".join([_lack(answer), _("The portal goes on asking by itself.")]))


def _source(answer: Answer) -> str:
    own = answer.source == OCSP
    text = _("By the issuer's own answer of %(time)s.") if own else _("By the issuer's revocation list of %(time)s.")
    return text % {"time": moment(answer.as_of)}


def _lack(answer: Answer) -> str:
    if answer.lack == "revocation.stale":
        return _("What the issuer said last held until %(time)s.") % {"time": moment(answer.valid_until)}
    return _("The issuer has not answered yet.")
