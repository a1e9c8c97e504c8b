"""A fresh proof of who one is, for what would lock a person out or let another in: factors, identities, e-mail."""

import datetime as dt

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode

FRESH = dt.timedelta(minutes=10)
KEY = "proven_at"


def prove(request: HttpRequest) -> None:
    """Note that the person proved just now who they are."""
    request.session[KEY] = timezone.now().isoformat()


def is_fresh(request: HttpRequest) -> bool:
    """Say whether the person proved who they are a short while ago."""
    proven = parse_datetime(str(request.session.get(KEY, "")))
    return proven is not None and timezone.now() - proven < FRESH


def ask(request: HttpRequest, *, onward: str = "") -> HttpResponseRedirect:
    """Send the person to prove who they are, and then on to where they were heading."""
    query = urlencode({"next": onward or request.get_full_path()})
    return redirect(f"{reverse('identity_prove')}?{query}")
