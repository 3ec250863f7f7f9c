"""GraphiQL: a page for browsers that loads nothing from elsewhere, and its release, built or not."""

import hashlib
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

import gateway.web.graphiql
from gateway.standin import World
from gateway.standin.worlds import world_named
from gateway.web.graphiql import build
from tests.listening import on_events
from tests.running import Clock, Running, Start

HERE = Path(gateway.web.graphiql.__file__).parent
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
SOURCES = (
    "graphiql/LICENSE",
    "graphiql/graphiql.min.css",
    "graphiql/graphiql.min.js",
    "react-dom/umd/react-dom.production.min.js",
    "react/LICENSE",
    "react/umd/react.production.min.js",
)
NOT_BUILT = "GraphiQL is not built: run make graphiql. The API works all the same."


class Page(HTMLParser):
    """What the page loads, and the examples in it."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.inline: list[str] = []
        self.examples: list[tuple[str, dict[str, Any]]] = []
        self._variables: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.loads += [address for name in ("src", "href") if (address := given.get(name))]
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if (tag == "script" and "src" not in given) or tag == "style":
            self.inline.append(tag)
        self._variables = given.get("data-variables") if tag == "template" else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._variables = None

    def handle_data(self, data: str) -> None:
        if self._variables is not None:
            self.examples.append((data, json.loads(self._variables)))


@pytest.fixture
def page() -> Page:
    page = Page()
    page.feed((HERE / "page.html").read_text())
    return page


@pytest.fixture
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for the release, so that it does not matter whether npm's is built here."""
    (tmp_path / "package-lock.json").write_bytes((HERE / "package-lock.json").read_bytes())
    for module in (gateway.web.graphiql, build):
        monkeypatch.setattr(module, "_ASSETS", tmp_path / "assets")
    return tmp_path / "assets"


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What npm was asked to install; in its place comes a release of our own making."""
    projects: list[Path] = []

    def install(_command: list[str], project: Path) -> None:
        projects.append(project)
        for file in SOURCES:
            path = project / "node_modules" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"/* {file} */")

    monkeypatch.setattr(build, "npm", lambda: ["npm"])
    monkeypatch.setattr(build, "install", install)
    return projects


async def _get(gateway: Running, path: str, headers: dict[str, str], method: str = "GET") -> tuple[int, Any, bytes]:
    async with gateway.http.request(method, URL(f"{gateway.address}{path}", encoded=True), headers=headers) as response:
        return response.status, response.headers, await response.read()


@pytest.mark.parametrize("path", ["/", "/graphql"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_browser_that_opens_the_api_gets_the_page(gateway: Running, path: str, method: str) -> None:
    status, headers, body = await _get(gateway, path, BROWSER, method)
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert body == (b"" if method == "HEAD" else (HERE / "page.html").read_bytes())


@pytest.mark.parametrize("path", ["/", "/graphql"])
@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/graphql-response+json"])
async def test_a_program_without_credentials_gets_json_and_not_the_page(
    gateway: Running, path: str, accept: str
) -> None:
    status, _, body = await _get(gateway, path, {"Accept": accept})
    assert (status, json.loads(body)["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert (await _get(gateway, path, {"Accept": accept}, "HEAD"))[0] == 401


@pytest.mark.parametrize("asked", ["query={viewer{subject}}", "documentId=v1", "extensions={}"])
async def test_an_operation_in_the_address_is_for_the_api_whoever_opens_it(gateway: Running, asked: str) -> None:
    headers = BROWSER | {"GraphQL-Require-Preflight": "1"}
    status, headers, _ = await _get(gateway, f"/graphql?{asked}", headers)
    assert (status, headers["Content-Type"]) == (401, "application/json; charset=utf-8")


async def test_there_is_no_page_where_it_is_switched_off(start: Start) -> None:
    gateway = await start(graphiql=False)
    for path in ("/", "/graphql", "/graphiql/page.js", "/graphiql/graphiql.min.js"):
        status, headers, _ = await _get(gateway, path, BROWSER)
        assert (status, headers["Content-Type"]) == (401, "application/json; charset=utf-8")


async def test_the_page_may_load_and_ask_nothing_but_its_own_origin(gateway: Running, page: Page) -> None:
    _, headers, _ = await _get(gateway, "/", BROWSER)
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    fixed_style = policy["style-src"].removeprefix("'self' ")
    assert re.fullmatch(r"'sha256-[\w+/]{43}='", fixed_style, re.ASCII)
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": f"'self' {fixed_style}",
        "connect-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-cache"
    assert page.inline == []


@pytest.mark.usefixtures("fetched")
async def test_everything_the_page_loads_is_served_to_everyone_as_it_was_built(
    start: Start, page: Page, assets: Path
) -> None:
    assert build.main() == 0
    gateway = await start()
    for address in (address for address in page.loads if not address.startswith("data:")):
        status, headers, body = await _get(gateway, f"/{address}", {"Accept-Encoding": "gzip"})
        kind = "css" if address.endswith(".css") else "javascript"
        assert (status, headers["Content-Type"]) == (200, f"text/{kind}; charset=utf-8")
        assert headers["X-Content-Type-Options"] == "nosniff"
        name = address.removeprefix("graphiql/")
        ours = name.startswith("page.")
        assert headers.get("Content-Encoding") == (None if ours else "gzip")
        assert body == ((HERE if ours else assets) / name).read_bytes()


@pytest.mark.usefixtures("assets")
async def test_without_a_release_the_page_is_there_and_says_what_to_run(start: Start) -> None:
    gateway = await start()
    assert (await _get(gateway, "/", BROWSER))[0] == 200
    assert NOT_BUILT.encode() in (await _get(gateway, "/graphiql/page.js", {}))[2]
    status, _, body = await _get(gateway, "/graphiql/graphiql.min.js", {})
    assert (status, json.loads(body)["errors"][0]["message"]) == (404, NOT_BUILT)


@pytest.mark.usefixtures("assets")
async def test_a_release_built_meanwhile_is_served_without_a_restart(start: Start, fetched: list[Path]) -> None:
    gateway = await start()
    assert (await _get(gateway, "/graphiql/graphiql.min.css", {}))[0] == 404
    build.main()
    assert len(fetched) == 1
    assert (await _get(gateway, "/graphiql/graphiql.min.css", {}))[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/graphiql/page.html",
        "/graphiql/__init__.py",
        "/graphiql/package-lock.json",
        "/graphiql/../graphql.py",
        "/graphiql/%2e%2e/graphql.py",
        "/graphiql/..%2fgraphql.py",
        "/graphiql/assets/SHA256SUMS",
        "/graphiql/page.js/../../server.py",
        "/graphiql//etc/passwd",
    ],
)
async def test_no_other_file_is_served(gateway: Running, path: str) -> None:
    key = {"X-API-Key": "key-of-vision"}
    assert (await _get(gateway, path, {}))[0] == 401
    assert (await _get(gateway, path, key))[0] == 404


@pytest.fixture
def world(request: pytest.FixtureRequest, clock: Clock) -> World:
    return world_named(getattr(request, "param", "empty"), clock)


@pytest.mark.parametrize("world", ["demo"], indirect=True)
async def test_the_pages_examples_answer_in_the_demos_world(gateway: Running, page: Page) -> None:
    assert len(page.examples) == 4
    for query, variables in page.examples:
        async with on_events(gateway, query, **variables) as events:  # queries and subscriptions alike
            data = await events.data()
        assert all(data.values()), query
        assert "[]" not in json.dumps(data, separators=(",", ":")), query


def test_the_release_is_fetched_once_for_a_lockfile(assets: Path, fetched: list[Path]) -> None:
    assert [build.main() for _ in range(3)] == [0, 0, 0]
    assert len(fetched) == 1
    (assets.parent / "package-lock.json").write_text("{}")
    assert build.main() == 0
    assert len(fetched) == 2


@pytest.mark.parametrize("name", ["graphiql.min.js", "graphiql.min.css.gz", "react.LICENSE", "SHA256SUMS"])
def test_a_release_that_was_harmed_is_fetched_again(assets: Path, fetched: list[Path], name: str) -> None:
    build.main()
    (assets / name).write_text("harmed")
    build.main()
    build.main()
    assert len(fetched) == 2
    assert "harmed" not in (assets / "SHA256SUMS").read_text()


def test_its_sums_are_those_of_the_files(assets: Path, fetched: list[Path]) -> None:
    build.main()
    for line in (assets / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((assets / name).read_bytes()).hexdigest() == digest
    assert len(fetched) == 1


@pytest.mark.usefixtures("assets")
def test_without_npm_one_line_says_so(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert build.main() == 3
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "npm" in err


def test_a_failure_of_npm_is_one_line_too(
    assets: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    says = "import sys; sys.exit('npm error code E1\\nnpm error errno 1\\nnpm error Nobody answers')"
    monkeypatch.setattr(build, "npm", lambda: [sys.executable, "-c", says])
    assert build.main() == 3
    assert capfd.readouterr().err == (
        "GraphiQL is not built: npm could not fetch it (Nobody answers). The API works all the same.\n"
    )
    assert not assets.exists()


def test_the_build_needs_nothing_but_python(tmp_path: Path) -> None:
    script = tmp_path / "build.py"
    script.write_bytes((HERE / "build.py").read_bytes())
    asked = [sys.executable, "-I", "-S", "-c", f"import runpy; runpy.run_path({str(script)!r})"]
    subprocess.run(asked, check=True, timeout=30)


def test_the_lockfile_names_hashes_and_no_addresses() -> None:
    packages = json.loads((HERE / "package-lock.json").read_text())["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)
    assert not any("resolved" in package for package in packages.values())
    pinned = json.loads((HERE / "package.json").read_text())["dependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in pinned} == pinned
