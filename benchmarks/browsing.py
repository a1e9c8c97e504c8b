"""A visitor with a cookie jar: what a browser would ask for, without the browser."""

import http.client
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from functools import partial
from http.cookiejar import CookieJar
from pathlib import Path

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Page:
    """An answer: status, the URL after redirects, and the text."""

    status: int
    url: str
    text: str


class _From(urllib.request.HTTPSHandler):
    """Opens connections from one of this machine's addresses; "": from whichever the system takes."""

    def __init__(self, address: str, context: ssl.SSLContext) -> None:
        super().__init__(context=context)
        self._connect = partial(
            http.client.HTTPSConnection, context=context, source_address=(address, 0) if address else None
        )

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connect, req)  # type: ignore[arg-type]


class Visitor:
    """Keeps cookies and the last form token; paths are below `base`. `trust`: who may have signed its certificate.

    `address`: where it calls from, so that limits of one network count each visitor by itself.
    """

    def __init__(self, base: str, *, trust: Path | None = None, address: str = "") -> None:
        self.base = base
        tls = [_From(address, ssl.create_default_context(cafile=str(trust)))] if trust else []
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), *tls)
        self._token = ""

    def get(self, path: str) -> Page:
        """Fetch a page, following redirects. Raises OSError when nobody answers or the answer is an error."""
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.base, path)))

    def post(self, path: str, **fields: str) -> Page:
        """Post a form with the token of the page fetched last, and follow to where it leads."""
        body = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": self._token}).encode()
        headers = {"Origin": self.base}
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.base, path), data=body, headers=headers))

    def _open(self, request: urllib.request.Request) -> Page:
        with self._opener.open(request, timeout=60) as answer:
            text = answer.read().decode("utf-8", "replace")
            if found := TOKEN.search(text):
                self._token = found[1]
            return Page(answer.status, answer.url, text)


def sign_in(visitor: Visitor, name: str) -> Page:
    """Press the demo's button for the person called `name`."""
    page = visitor.get("/log-ind/")
    button = re.search(rf'name="person" value="([^"]+)">\s*<span class="demo-name">{re.escape(name)}<', page.text)
    if button is None:
        raise LookupError(f"the demo has no button for {name}")
    return visitor.post("/demo/log-ind/", person=button[1])
