"""Files that answers are made of, whole or in part."""

import re

from django.http import HttpRequest, HttpResponse

RANGE = re.compile(r"bytes=([0-9]{1,12})-([0-9]{1,12})?", re.ASCII)


def binary(request: HttpRequest, content: bytes, media_type: str, *, version: int | None = None) -> HttpResponse:
    """Return a file that no browser shows as a page; with `Range: bytes=…` the part that is asked for."""
    status, part, headers = 200, content, {"Accept-Ranges": "bytes"}
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked and (start := int(asked[1])) < len(content):
        end = min(int(asked[2]) if asked[2] else len(content) - 1, len(content) - 1)
        if end >= start:
            status, part = 206, content[start : end + 1]
            headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
    headers |= {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
    if version is not None:
        headers["ETag"] = f'"{version}"'
    return HttpResponse(part, status=status, content_type=media_type, headers=headers)
