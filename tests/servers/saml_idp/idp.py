"""A SAML identity provider for the tests: pysaml2 behind two pages, in an environment of its own.

`python idp.py FOLDER`: the folder holds `told.json` (port, people), our own key and certificate, and the metadata of
those who may ask; `idp.xml`, our metadata, is written there. Who logs in decides what becomes of the answer.
"""

import datetime as dt
import html
import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, samlp
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.sigver import get_pem_wrapped_unwrapped, pre_encryption_part

FOLDER = Path(sys.argv[1])
TOLD = json.loads((FOLDER / "told.json").read_text())
HERE = f"http://127.0.0.1:{TOLD['port']}"
CIPHERS = {
    "aes": ("http://www.w3.org/2009/xmlenc11#aes256-gcm", "aes-256"),
    "3des": ("http://www.w3.org/2001/04/xmlenc#tripledes-cbc", "des-192"),
}
SIGNED_BY = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
DIGESTED_BY = "http://www.w3.org/2001/04/xmlenc#sha256"
FORM = '<form method="post" action="{action}">{fields}<button>Log ind</button></form>'
HIDDEN = '<input type="hidden" name="{name}" value="{value}"/>'


def provider() -> Server:
    """Return the identity provider."""
    endpoints = {
        "single_sign_on_service": [(f"{HERE}/sso", BINDING_HTTP_REDIRECT)],
        "single_logout_service": [(f"{HERE}/slo", BINDING_HTTP_REDIRECT)],
    }
    policy = {"default": {"lifetime": {"minutes": 5}, "fail_on_missing_requested": False}}
    idp = {"endpoints": endpoints, "policy": policy, "want_authn_requests_signed": True, "sign_response": False}
    told = {
        "entityid": f"{HERE}/metadata",
        "service": {"idp": idp},
        "key_file": str(FOLDER / "idp.key"),
        "cert_file": str(FOLDER / "idp.crt"),
        "xmlsec_binary": TOLD["xmlsec"],
        "metadata": {"local": [str(FOLDER / name) for name in TOLD["metadata"]]},
    }
    return Server(config=IdPConfig().load(told))


IDP = provider()


def page(action: str, **fields: str) -> str:
    """Return a page with a form that a browser would send by itself."""
    return FORM.format(
        action=html.escape(action),
        fields="".join(HIDDEN.format(name=name, value=html.escape(value)) for name, value in fields.items()),
    )


def asked(said: dict[str, str]):
    """Return the request for a login; refused when its signature is missing or wrong."""
    told = IDP.parse_authn_request(
        said["SAMLRequest"], BINDING_HTTP_REDIRECT, said["RelayState"], said["SigAlg"], said["Signature"]
    )
    return told.message


def answered(said: dict[str, str]) -> str:
    """Return the page that carries the answer about the person who logs in to where they came from."""
    request, person = asked(said), TOLD["people"][said["login"]]
    to = IDP.response_args(request)
    if "status" in person:
        why = (getattr(samlp, person["status"]), "No")
        told = str(IDP.create_error_response(to["in_response_to"], to["destination"], why))
        return page(to["destination"], SAMLResponse=coded(told), RelayState=said["RelayState"])
    proven = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=person.get("minutes_ago", 0))
    response = IDP.create_authn_response(
        person["attributes"],
        in_response_to=person.get("in_response_to", to["in_response_to"]),
        destination=person.get("destination", to["destination"]),
        sp_entity_id=person.get("audience", to["sp_entity_id"]),
        name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=f"name-of-{said['login']}"),
        authn={
            "class_ref": "https://data.gov.dk/concept/core/nsis/loa/Substantial",
            "authn_instant": int(proven.timestamp()),
        },
        sign_assertion=person.get("sign", True),
        sign_alg=SIGNED_BY,
        digest_alg=DIGESTED_BY,
    )
    told = (
        str(response) if person.get("encrypt") is False else encrypted(str(response), person.get("cipher", "aes"), to)
    )
    return page(to["destination"], SAMLResponse=coded(told), RelayState=said["RelayState"])


def encrypted(response: str, cipher: str, to: dict[str, str]) -> str:
    """Return a response with its signed assertion encrypted. pysaml2's own way changes what is signed beforehand."""
    algorithm, key_type = CIPHERS[cipher]
    assertion = re.search(r"<(\w+):Assertion .*</\1:Assertion>", response, re.DOTALL)
    spaces = " ".join(re.findall(r' (xmlns:\w+="[^"]+")', response[: assertion.start()]))
    alone = assertion[0].replace(":Assertion ", f":Assertion {spaces} ", 1)
    wrapped = f"<{assertion[1]}:EncryptedAssertion>{alone}</{assertion[1]}:EncryptedAssertion>"
    pem, bare = get_pem_wrapped_unwrapped(IDP.metadata.certs(to["sp_entity_id"], "any", "encryption")[0][1])
    (FOLDER / "theirs.crt").write_text(pem)
    template = pre_encryption_part(msg_enc=algorithm, encrypt_cert=bare)
    whole = response.replace(assertion[0], wrapped)
    return IDP.sec.encrypt_assertion(whole, str(FOLDER / "theirs.crt"), template, key_type)


def coded(response: str) -> str:
    """Return a response as the POST binding carries it."""
    sent = IDP.apply_binding(BINDING_HTTP_POST, response, "x", "", response=True)
    found = sent["data"].partition('name="SAMLResponse" value="')[2].partition('"')[0]
    return html.unescape(found)


def logged_out(said: dict[str, str]) -> str:
    """Return the address with the answer that somebody is logged out here."""
    told = IDP.parse_logout_request(
        said["SAMLRequest"], BINDING_HTTP_REDIRECT, said["RelayState"], said["SigAlg"], said["Signature"]
    )
    response = IDP.create_logout_response(told.message, [BINDING_HTTP_REDIRECT])
    to = IDP.response_args(told.message, [BINDING_HTTP_REDIRECT])["destination"]
    sent = IDP.apply_binding(
        BINDING_HTTP_REDIRECT, str(response), to, said["RelayState"], response=True, sign=True, sigalg=SIGNED_BY
    )
    return dict(sent["headers"])["Location"]


def told_to_leave(said: dict[str, str]) -> str:
    """Return the address with our word to a service provider that somebody logged out here."""
    name = NameID(format=NAMEID_FORMAT_PERSISTENT, text=said["name"])
    to = IDP.metadata.single_logout_service(said["entity"], BINDING_HTTP_REDIRECT, "spsso")[0]["location"]
    _, request = IDP.create_logout_request(to, issuer_entity_id=said["entity"], name_id=name)
    sent = IDP.apply_binding(BINDING_HTTP_REDIRECT, str(request), to, "relay", sign=True, sigalg=SIGNED_BY)
    return dict(sent["headers"])["Location"]


class Pages(BaseHTTPRequestHandler):
    """Two pages for people: logging in, and what becomes of it."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        said = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/sso":
            asked(said)
            self._say(200, page("/answer", **said).replace("<button>", '<input name="login"/><button>'))
        elif parts.path == "/slo":
            self._say(302, "", logged_out(said))
        elif parts.path == "/leave":
            self._say(302, "", told_to_leave(said))
        else:
            self._say(200, "")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._say(200, answered({name: values[0] for name, values in parse_qs(body).items()}))

    def _say(self, status: int, text: str, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())


(FOLDER / "idp.xml").write_text(str(entity_descriptor(IDP.config)))
ThreadingHTTPServer(("127.0.0.1", TOLD["port"]), Pages).serve_forever()
