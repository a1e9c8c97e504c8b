"""The part of the settings that is about keys; docs/deploy/README.md tells how each is changed while the portal runs.

Several keys stand with commas between: the first makes what is made from now on, the others still open, verify or are
believed.
"""

from pathlib import Path

import environ

from adgang.lib.settings_secrets import listed, secret

env = environ.FileAwareEnv()

VAR_DIR = Path(env.str("ADGANG_VAR_DIR", default=str(Path(__file__).resolve().parent.parent / "var")))

# Made on first start in the embedded default, required from outside in production.
_generate = env.str("ADGANG_ENVIRONMENT", default="test") != "production"
# Django refuses to start on an empty key; this one lets the system checks say which secrets are missing.
SECRET_KEY = secret("SECRET_KEY", var_dir=VAR_DIR, generate=_generate) or "django-insecure-missing"
SECRET_KEY_FALLBACKS = listed("SECRET_KEY_FALLBACKS")
ADGANG_FIELD_KEYS = [key for key in secret("ADGANG_FIELD_KEYS", var_dir=VAR_DIR, generate=_generate).split(",") if key]
ADGANG_EVENT_KEY = secret("ADGANG_EVENT_KEY", var_dir=VAR_DIR, generate=_generate)
ADGANG_EVENT_OLD_KEYS = listed("ADGANG_EVENT_OLD_KEYS")
ADGANG_PROXY_SECRET: str = ",".join(listed("ADGANG_PROXY_SECRET"))  # beside a client's certificate; none: none believed
