"""The project's own settings over a database made for the benchmarks and removed afterwards."""

import os
import tempfile

# A server that a benchmark starts takes over its folder, with the secrets in it.
os.environ["ADGANG_VAR_DIR"] = os.environ.get("ADGANG_BENCH_FOLDER") or tempfile.mkdtemp(prefix="adgang-benchmarks-")

from adgang.settings import *  # noqa: F403
from adgang.settings import DATABASES, STORAGES, VAR_DIR

ALLOWED_HOSTS = ["testserver"]
# Pages are measured without collecting static files first.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CELERY_BROKER_URL = "memory://"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file like in real life; the test database would otherwise live in memory.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "benchmarks.sqlite3")}
else:
    DATABASES["default"]["TEST"] = {"NAME": "adgang_benchmarks"}
    DATABASES["default"]["OPTIONS"].pop("pool", None)
