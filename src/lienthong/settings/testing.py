"""The product under test: a data directory and a database of the test run's own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if "LIENTHONG_TEST_HOME" not in os.environ:
    os.environ["LIENTHONG_TEST_HOME"] = tempfile.mkdtemp(prefix="lienthong-test-")
    atexit.register(shutil.rmtree, os.environ["LIENTHONG_TEST_HOME"], ignore_errors=True)
# Parallel test processes share nothing.
os.environ["LIENTHONG_DATA_DIR"] = os.path.join(
    os.environ["LIENTHONG_TEST_HOME"], os.environ.get("PYTEST_XDIST_WORKER", "main")
)
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
