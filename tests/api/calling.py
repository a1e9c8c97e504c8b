"""Programs that call the API, for tests: a token, and the calls a generated client makes with it."""

import base64
import json
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpResponse
from django.test import Client

from adgang.lib.secrets import new_token
from organisations.models import Organisation, User
from organisations.rights import PrivilegeType
from tests.factories.organisations import access_token

API = "/apis/v1/"
BOUNDARY = "580ec513-0ee2-4ef4-99b9-5cc2a6f6a1f9"


def token_of(
    organisation: Organisation, *roles: PrivilegeType, user: User | None = None, only_reads: bool = False, **fields: Any
) -> str:
    """Return a new token of a person, or without one of the organisation, past the rules."""
    token = "adg_" + new_token()
    access_token(organisation=organisation, user=user, roles=roles, token=token, only_reads=only_reads, **fields)
    return token


class Caller:
    """Calls as the registry's generated clients write them: no charset, letters outside ASCII escaped."""

    def __init__(self, authorization: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": authorization} if authorization else {}

    @classmethod
    def bearing(cls, token: str) -> "Caller":
        """Return a caller with an access token."""
        return cls(f"Bearer {token}")

    def call(
        self, method: str, path: str, *, query: dict[str, Any] | None = None, version: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Send a call below /apis/v1/ (or to a path of its own) and return the response."""
        url = path if path.startswith("/") else API + path
        if query:
            url += "?" + urlencode(query, quote_via=quote)
        headers = self.headers | kwargs.pop("headers", {})
        if version is not None:
            headers["If-Match"] = str(version)
        return self.client.generic(method, url, headers=headers, **kwargs)

    def get(self, path: str, **query: Any) -> HttpResponse:
        """Read something."""
        return self.call("GET", path, query=query)

    def send(self, method: str, path: str, body: Any, **kwargs: Any) -> HttpResponse:
        """Send JSON."""
        return self.call(method, path, data=json.dumps(body).encode(), content_type="application/json", **kwargs)

    def empty(self, path: str, **kwargs: Any) -> HttpResponse:
        """Send a POST without a body."""
        return self.call("POST", path, data=b"", content_type="*/*; charset=utf-8", **kwargs)

    def upload(
        self, path: str, content: bytes, *, name: str = "file", method: str = "POST", **kwargs: Any
    ) -> HttpResponse:
        """Send a file as the part “file”."""
        plain = name if name.isascii() else f'"=?utf-8?B?{base64.b64encode(name.encode()).decode()}?="'
        head = (
            f"--{BOUNDARY}\r\nContent-Type: text/plain\r\n"
            f"Content-Disposition: form-data; name=file; filename={plain}; filename*=utf-8''{quote(name)}\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        return self.call(method, path, data=body, content_type=f"multipart/form-data; boundary={BOUNDARY}", **kwargs)
