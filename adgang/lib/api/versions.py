"""If-Match: the version that the caller has read, without which nothing is changed or deleted."""

import re

from django.http import HttpRequest
from django.utils.translation import gettext as _

from adgang.lib.api.errors import ApiError

# 3 and "3"; a proxy that compresses makes W/"3" of an ETag.
FORM = re.compile(r'\s*(?:(?:W/)?"([0-9]{1,18})"|([0-9]{1,18}))\s*', re.ASCII)
PATTERN = '^("[0-9]{1,18}"|[0-9]{1,18})$'


def expected(request: HttpRequest) -> int:
    """Return the version in If-Match.

    Raises `ApiError`: 400 for what is no version; without any 428 in our own API, 400 in the registry's.
    """
    text = request.headers.get("If-Match")
    if text is None:
        own = request.path_info.startswith("/apis/adgang/")
        raise ApiError(
            428 if own else 400, "version.missing", _("Send the version that you have read in the header If-Match.")
        )
    found = FORM.fullmatch(text)
    if found is None:
        raise ApiError(400, "version.malformed", _("If-Match holds a version: a number, with or without quotes."))
    return int(found[1] or found[2])
