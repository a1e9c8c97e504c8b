"""Secrets of the installation: from the environment, from a file, or made once on this machine."""

import base64
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def secret(name: str, *, var_dir: Path, generate: bool) -> str:
    """Return the secret `name` from `<name>`, `<name>_FILE` or `var/secrets/<name>`.

    With `generate` a missing one is made (32 random bytes, base64) and kept with mode 0600; without, a missing one is
    the empty string, which a system check turns into an error.
    """
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    kept = var_dir / "secrets" / name.lower()
    if kept.exists():
        return kept.read_text(encoding="ascii").strip()
    return _make(kept) if generate else ""


def listed(name: str) -> list[str]:
    """Return the secrets in `<name>` or `<name>_FILE`, which stand there with commas between; none: an empty list."""
    text = os.environ.get(name, "")
    if not text and (path := os.environ.get(f"{name}_FILE")):
        text = Path(path).read_text(encoding="utf-8")
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def _make(path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    value = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")
    # Written aside and linked, so that web and worker starting together agree on one secret.
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(value)
    try:
        os.link(aside, path)
    except FileExistsError:
        value = path.read_text(encoding="ascii").strip()
    finally:
        aside.unlink()
    return value
