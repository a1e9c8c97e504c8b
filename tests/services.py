"""`python -m tests.services`: name the services whose tests will be skipped on this machine."""

import os
import shutil
import sys
from pathlib import Path

# What a test asks for, and the programs of which one must be there.
PROGRAMS = {
    "Chromium": ("chromium-headless-shell", "chromium", "chromium-browser"),
    "OpenSSH server": ("sshd",),
    "mail server": ("exim4",),
    "Redis": ("redis-server",),
    "nginx": ("nginx",),
    "faketime": ("faketime",),
    "OpenSSL": ("openssl",),
    "xmlsec1": ("xmlsec1",),
}
# Identity providers whose packages `make test` puts below var/test-servers, and what their tests are called by.
COUNTERPARTS = {
    "oidc-provider": "OpenID Connect provider (npm's oidc-provider)",
    "saml-idp": "SAML identity provider (pysaml2)",
}
ELSEWHERE = "/usr/sbin:/sbin:/usr/lib/openssh"


def absent() -> list[str]:
    """Return the services that are not there, by name."""
    missing = [name for name, programs in PROGRAMS.items() if not any(map(find, programs))]
    missing += [title for name, title in COUNTERPARTS.items() if not (counterpart(name) / ".packages").exists()]
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        missing.append("PostgreSQL (set DATABASE_URL to run the suite on it)")
    return missing


def counterpart(name: str) -> Path:
    """Return the folder in which the packages of such an identity provider lie, when they do."""
    return Path(__file__).resolve().parents[1] / "var" / "test-servers" / name


def find(program: str) -> str | None:
    """Return the path of a program, also from the folders that are not on everybody's PATH."""
    return shutil.which(program) or shutil.which(program, path=ELSEWHERE)


def main() -> None:
    """Say what is absent."""
    missing = absent()
    if missing:
        sys.stdout.write(f"Not on this machine, so not tested: {'; '.join(missing)}.\n")


if __name__ == "__main__":
    main()
