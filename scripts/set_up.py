"""Make the virtual environment with every dependency at its pinned version and hash; needs only Python 3.11+ and an index."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = "uv==0.13.9"


def main(folder: str) -> int:
    if sys.hexversion < 0x030B0000:
        print("Cần Python 3.11 trở lên. / Python 3.11 or newer is needed.", file=sys.stderr)
        return 2
    target = (ROOT / folder).resolve()
    python = target / "bin" / "python"
    if not python.exists():
        print(f"Tạo môi trường {folder} / Making {folder}", flush=True)
        venv.create(target, with_pip=True)
    run = [str(python), "-m"]
    if subprocess.run([*run, "uv", "--version"], capture_output=True).returncode:
        subprocess.run([*run, "pip", "install", "--quiet", "--disable-pip-version-check", UV], check=True)
    pip = [*run, "uv", "pip"]
    print("Cài đặt thư viện đã ghim / Installing pinned libraries", flush=True)
    here = ["--python", str(python), "--quiet"]
    subprocess.run(
        [*pip, "install", *here, "--require-hashes", "-r", str(ROOT / "requirements.lock")],
        check=True,
        cwd=ROOT,
    )
    subprocess.run(
        [*pip, "install", *here, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True, cwd=ROOT
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ".venv"))
