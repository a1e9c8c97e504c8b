"""`python -m adgang.serve.health`: exit 0 when the web process in this container answers, else 1."""

import http.client
import os
import sys
from urllib.parse import urlsplit

SECONDS = 5


def main() -> int:
    """Ask for `/healthz` the way the proxy would, with the host name that people use."""
    host = urlsplit(os.environ.get("ADGANG_BASE_URL", "")).netloc or "127.0.0.1"
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=SECONDS)
    try:
        connection.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return 0 if connection.getresponse().status == http.client.OK else 1
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
