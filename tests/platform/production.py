"""The environment of a production installation, as README.md describes it."""

import base64
import secrets
from pathlib import Path


def key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def production_environment(folder: Path) -> dict[str, str]:
    """Return the variables of an installation that lacks nothing; one secret is a file in `folder`."""
    secret = folder / "secret-key"
    secret.write_text(key() + key() + "\n")
    return {
        "ADGANG_ENVIRONMENT": "production",
        "ADGANG_BASE_URL": "https://adgang.example.dk",
        "ADGANG_OPERATOR_NAME": "Driftscentret",
        "ADGANG_OPERATOR_EMAIL": "drift@example.dk",
        "ALLOWED_HOSTS": "adgang.example.dk",
        "SECRET_KEY_FILE": str(secret),
        "ADGANG_FIELD_KEYS": f"{key()},{key()}",
        "ADGANG_EVENT_KEY": key(),
        "DATABASE_URL": "postgres://adgang@127.0.0.1:5432/adgang",
        "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0",
        "EMAIL_URL": "smtp+tls://adgang:secret@mail.example.dk:587",
    }
