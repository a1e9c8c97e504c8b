"""The settings of the server that P10 asks: the portal and Django's admin over the database that it filled."""

import os

from benchmarks.settings import *  # noqa: F403
from benchmarks.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE

DATABASES["default"]["NAME"] = os.environ["ADGANG_BENCH_DATABASE"]
INSTALLED_APPS = ["django.contrib.admin", *INSTALLED_APPS]
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
ROOT_URLCONF = "benchmarks.lists_urls"
