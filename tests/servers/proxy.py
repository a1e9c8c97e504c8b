"""The proxy's configuration of `docs/deploy`, with the ports and files of this machine."""

import re
from collections.abc import Sequence
from pathlib import Path

CONFIGURATION = Path(__file__).resolve().parents[2] / "docs" / "deploy" / "nginx.conf"
SECRET = "the-secret-of-the-proxy-and-the-portal"
WEB = re.compile(r"server 172\.30\.0\.\d+:8000( [^;]*)?;")


def adapted(*, web: Sequence[int], http: int, https: int, certificate: Path, key: Path, folder: Path) -> str:
    """Return the configuration for web processes at the ports `web`; everything that it says else stays as it is."""
    text = CONFIGURATION.read_text()
    for stands, here in (
        ("/tmp/", f"{folder}/"),  # first: the other paths may lie below it
        ("listen [::]:80;", ""),
        ("listen [::]:443 ssl http2;", ""),
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{https} ssl http2;"),
        ("include /run/secrets/proxy_secret.conf;", f'proxy_set_header X-Adgang-Proxy-Secret "{SECRET}";'),
        ("/run/secrets/tls_certificate", str(certificate)),
        ("/run/secrets/tls_key", str(key)),
    ):
        assert stands in text, stands
        text = text.replace(stands, here)
    places = list(WEB.finditer(text))
    assert len(places) >= len(web)
    begin, end, options = places[0].start(), places[-1].end(), places[0][1] or ""
    return text[:begin] + "".join(f"server 127.0.0.1:{port}{options};" for port in web) + text[end:]
