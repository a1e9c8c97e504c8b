"""Codes of the loaded lists, offered while one types."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from contacts import access, code_lists, codes
from contacts.values import Code
from organisations.rights import Right

ID = re.compile(r"[\w-]{1,50}", re.ASCII)


def structure_codes(request: HttpRequest, cvr: str) -> HttpResponse:
    """Return the options for what is typed in `q`; `id` is the list that they are for."""
    access.organisation(request, cvr, right=Right.CONTACTS_CHANGE)
    wanted = request.GET.get("id", "")
    found = code_lists.offered(request.GET.get("q", "").replace("\0", "")[:100])
    context = {
        "prefix": wanted if ID.fullmatch(wanted) else "code",
        "offered": [(one, codes.write(Code(type=one.type, code=one.code, name=one.name))) for one in found],
    }
    return render(request, "contacts/structure_codes.html", context)
