"""The product under test: a data directory and a database of the test run's own."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("LIENTHONG_DATA_DIR", tempfile.mkdtemp(prefix="lienthong-test-"))
os.environ.setdefault("LIENTHONG_SECRET_KEY", "only-for-tests-" + "x" * 40)

from .product import *  # noqa: F403
from .product import DATA_DIR, DATA_FOLDERS, DATABASES, STATIC_ROOT

for folder in DATA_FOLDERS:
    (DATA_DIR / folder).mkdir(parents=True, exist_ok=True)
STATIC_ROOT.mkdir(exist_ok=True)

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["LIENTHONG_DATA_DIR"], "test-control.db")}
