#!/bin/sh
# The browser, the MariaDB server and the pool of connections that tests drive. PostgreSQL comes with the Python packages.
set -eu
# The browser without its windows costs the tests half the processor time of the whole one; either does.
shell=chromium-headless-shell
missing=""
if ! command -v $shell >/dev/null 2>&1 && [ -z "${CHROMIUM:-}" ]; then
    if ! command -v chromium >/dev/null 2>&1 && ! command -v google-chrome >/dev/null 2>&1; then
        missing="$missing $shell"
    elif [ -n "${CONTINUOUS_INTEGRATION:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Cài trình duyệt nhẹ hơn cho kiểm thử, nếu có / Installing a lighter browser for tests, if there is one: $shell"
        DEBIAN_FRONTEND=noninteractive timeout 90 apt-get install -y -qq --no-remove --no-install-recommends $shell \
            >/dev/null 2>&1 </dev/null || true
    fi
fi
command -v mariadbd >/dev/null 2>&1 || [ -x /usr/sbin/mariadbd ] || missing="$missing mariadb-server"
pool=""
command -v pgbouncer >/dev/null 2>&1 || [ -x /usr/sbin/pgbouncer ] || pool=pgbouncer
[ -z "$missing$pool" ] && exit 0
if [ -z "$missing" ] && { [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; }; then
    echo "Không có pgbouncer: bỏ qua vài kiểm thử về bộ gộp kết nối / No pgbouncer: a few tests of pools are left out" >&2
    exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Kiểm thử cần:$missing. Cài bằng trình quản lý gói rồi chạy lại." >&2
    echo "Tests need:$missing. Install them with your package manager and run again." >&2
    exit 2
fi
echo "Cài gói hệ thống cho kiểm thử / Installing system packages for tests:$missing $pool"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq || [ -z "$missing" ]
case $missing in
    *$shell*) [ -n "$(apt-cache search --names-only "^$shell\$")" ] || missing=$(echo "$missing" | sed "s/$shell/chromium/") ;;
esac
# A database server is wanted as a program, not as a running service.
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
trap 'rm -f /usr/sbin/policy-rc.d' EXIT
# shellcheck disable=SC2086
[ -z "$missing" ] || apt-get install -y -qq --no-install-recommends $missing >/dev/null
[ -z "$pool" ] || apt-get install -y -qq --no-install-recommends $pool >/dev/null ||
    echo "Không cài được pgbouncer: bỏ qua vài kiểm thử về bộ gộp kết nối / No pgbouncer to be had: a few tests of pools are left out" >&2
