#!/bin/sh
# An environment of its own for `make test-cluster`: Spark beside the product's pinned libraries. Java from the system.
set -eu
here=.venv-cluster
if ! command -v java >/dev/null 2>&1 && [ -z "${JAVA_HOME:-}" ]; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        echo "Cần Java 17 trở lên / Java 17 or newer is needed" >&2
        exit 2
    fi
    echo "Cài Java / Installing Java"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null
fi
if [ ! -f "$here/.done" ] || [ tests/cluster/requirements.txt -nt "$here/.done" ]; then
    echo "Tạo môi trường $here / Making $here"
    "${PYTHON:-python3}" -m venv "$here"
    "$here/bin/python" -m pip install -q --disable-pip-version-check -r tests/cluster/requirements.txt
    site=$("$here/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    product=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n%s\n' "$product" "$(pwd)/src" > "$site/product.pth"
    touch "$here/.done"
fi
