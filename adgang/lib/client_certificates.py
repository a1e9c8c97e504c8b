"""The certificate that a client showed to the proxy, which alone speaks TLS. Only our own proxy's word counts.

The proxy must be in ADGANG_TRUSTED_PROXIES and show ADGANG_PROXY_SECRET; from anybody else the header is as good as
absent. It holds nginx's `$ssl_client_escaped_cert`: the certificate in PEM, percent-encoded.
"""

from collections.abc import Callable
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from adgang.lib.peers import is_trusted_proxy
from adgang.lib.secrets import same

CERTIFICATE, SECRET = "X-Adgang-Client-Cert", "X-Adgang-Proxy-Secret"
LIMIT = 16 * 1024


def handed_on(request: HttpRequest) -> bytes | None:
    """Return the client's certificate in DER; None when it showed none, or nobody vouches that it did.

    That the client holds the private key was proven to the proxy; whether the certificate is worth anything was not.
    """
    told = request.headers.get(CERTIFICATE, "")
    if not told or len(told) > LIMIT or not _vouched_for(request):
        return None
    try:
        return x509.load_pem_x509_certificate(unquote(told).encode("ascii")).public_bytes(Encoding.DER)
    except ValueError:  # UnicodeEncodeError among it
        return None


class ClientCertificateMiddleware:
    """Takes the certificate out of a request that is not our proxy's, before anything else reads the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _vouched_for(request):
            request.META.pop(_key(CERTIFICATE), None)
            request.META.pop(_key(SECRET), None)
        return self.get_response(request)


def _key(header: str) -> str:
    return f"HTTP_{header.upper().replace('-', '_')}"


def _vouched_for(request: HttpRequest) -> bool:
    # Two while the secret is being changed: proxy and portal cannot be restarted in the same moment.
    expected = [secret for secret in settings.ADGANG_PROXY_SECRET.split(",") if secret]
    # Not `request.headers`, which would remember the header that the middleware takes out.
    shown = str(request.META.get(_key(SECRET), ""))
    is_known = any(same(shown, secret) for secret in expected)
    return is_known and is_trusted_proxy(str(request.META.get("REMOTE_ADDR", "")))
