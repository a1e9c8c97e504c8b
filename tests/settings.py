"""Settings of the test suite: the project's own, with cheap passwords, plain static files and nothing kept."""

import os
import re
import tempfile

os.environ.setdefault("ADGANG_VAR_DIR", tempfile.mkdtemp(prefix="adgang-tests-"))
# Each process of the suite has a folder of its own: what one leaves there is nothing to the others.
os.environ["ADGANG_VAR_DIR"] = re.sub(
    r"(?<=/adgang-tests-\w{8})$", f"/{os.environ.get('PYTEST_XDIST_WORKER', '')}", os.environ["ADGANG_VAR_DIR"]
).rstrip("/")

from adgang.settings import *  # noqa: F403
from adgang.settings import DATABASES, STORAGES, VAR_DIR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ADGANG_PUBLIC_CHECKS = True
CELERY_BROKER_URL = "memory://"
# Browsers are served the files where they lie, without collecting them first.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A browser's requests come at the same time; a database in memory would make them share one connection.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    # Nothing of a test has to outlive a power failure.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
else:
    # A test closes its connections itself; a pool would keep the test database from being dropped.
    DATABASES["default"]["OPTIONS"].pop("pool", None)
    DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
    if suffix := os.environ.get("ADGANG_TEST_DB_SUFFIX"):
        DATABASES["default"]["TEST"] = {"NAME": f"test_adgang_{suffix}"}
