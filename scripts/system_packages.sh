#!/bin/sh
# The browser and the MariaDB server that tests drive. PostgreSQL comes with the Python packages.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || [ -n "${CHROMIUM:-}" ] || missing="$missing chromium"
command -v mariadbd >/dev/null 2>&1 || [ -x /usr/sbin/mariadbd ] || missing="$missing mariadb-server"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Kiểm thử cần:$missing. Cài bằng trình quản lý gói rồi chạy lại." >&2
    echo "Tests need:$missing. Install them with your package manager and run again." >&2
    exit 2
fi
echo "Cài gói hệ thống cho kiểm thử / Installing system packages for tests:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# A database server is wanted as a program, not as a running service.
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
trap 'rm -f /usr/sbin/policy-rc.d' EXIT
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
