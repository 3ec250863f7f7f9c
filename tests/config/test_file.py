"""The file of teams and identity: what it gives, and how all that is wrong in it is told at once."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.config import ConfigError
from gateway.config.file import read_file
from gateway.identity import ApiKey, Permission
from gateway.model.target import Role, Target
from gateway.teams import OwnsAll, OwnsPrefix, OwnsTag, Team

MARKER = "s3cret of the tests"
SHA = hashlib.sha256(b"not-a-key-of-anything").hexdigest()


def content(**changes: object) -> dict[str, Any]:
    """A right file, with values changed at dotted places (`__` for the dot); None takes the value away."""
    right: dict[str, Any] = {
        "teams": {
            "vision": {"region": "us-east-1", "account": "111122223333", "owns": {"prefix": "vision-"}},
            "platform": {"region": "us-east-1", "account": "111122223333", "owns": "all"},
        },
        "identity": {"api_keys": [{"id": "ci", "sha256": SHA, "teams": ["vision"], "permissions": ["read", "stop"]}]},
    }
    for place, value in changes.items():
        *path, last = place.split("__")
        inner: Any = right
        for name in path:
            inner = inner[int(name)] if name.isdigit() else inner[name]
        if value is None:
            del inner[last]
        else:
            inner[last] = value
    return right


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gateway.yaml"


def write(path: Path, **changes: object) -> None:
    path.write_text(yaml.safe_dump(content(**changes), sort_keys=False))


def lines_of(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        read_file(path)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    return refused.value.lines


def test_a_file_gives_teams_and_keys_in_its_order(path: Path) -> None:
    write(path)
    teams, keys, issuers = read_file(path)
    here = Target("111122223333", "us-east-1")
    assert teams == (Team("vision", here, OwnsPrefix("vision-")), Team("platform", here, OwnsAll()))
    assert keys == (ApiKey("ci", SHA, ("vision",), frozenset({Permission.READ, Permission.STOP})),)
    assert issuers == ()


def test_a_key_reads_unless_told_otherwise_and_its_digest_may_be_in_capitals(path: Path) -> None:
    write(path, identity__api_keys__0__permissions=None, identity__api_keys__0__sha256=SHA.upper())
    _, (key,), _ = read_file(path)
    assert key == ApiKey("ci", SHA, ("vision",), frozenset({Permission.READ}))


def test_a_file_may_do_without_identity(path: Path) -> None:
    write(path, identity=None)
    assert read_file(path)[1:] == ((), ())


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", "ap-southeast-2", "cn-north-1"])
def test_the_regions_of_every_partition_are_taken(path: Path, region: str) -> None:
    write(path, teams__vision__region=region)
    assert read_file(path)[0][0].target.region == region


WRONG: list[tuple[str, object]] = [
    ("teams", {}),
    ("teams.vision", "all"),
    ("teams.vision.region", MARKER),
    ("teams.vision.region", "us-east-1\n"),
    ("teams.vision.account", MARKER),
    ("teams.vision.account", 111122223333),
    ("teams.vision.account", "11112222333"),
    ("teams.vision.owns", MARKER),
    ("teams.vision.owns", {"prefix": MARKER}),
    ("teams.vision.owns", {"prefix": ""}),
    ("teams.vision.owns", {"prefix": "-vision"}),
    ("identity", MARKER),
    ("identity.api_keys", MARKER),
    ("identity.api_keys.0.id", MARKER),
    ("identity.api_keys.0.sha256", MARKER),
    ("identity.api_keys.0.sha256", SHA[:-1]),
    ("identity.api_keys.0.teams", []),
    ("identity.api_keys.0.teams", MARKER),
    ("identity.api_keys.0.teams", [MARKER]),
    ("identity.api_keys.0.permissions", [MARKER]),
    ("identity.api_keys.0.permissions", []),
]


@pytest.mark.parametrize(("place", "value"), WRONG)
def test_a_wrong_value_is_named_by_its_place_and_never_told(path: Path, place: str, value: object) -> None:
    write(path, **{place.replace(".", "__"): value})
    lines = lines_of(path)
    assert lines
    for line in lines:
        assert line.startswith(place), line
        assert MARKER[:6] not in line
        assert "literal" not in line
        assert "_Owns" not in line.partition(":")[0]


@pytest.mark.parametrize("place", ["teams", "teams.vision.region", "teams.vision.account", "teams.vision.owns"])
def test_a_missing_value_is_named(path: Path, place: str) -> None:
    write(path, **{place.replace(".", "__"): None})
    assert lines_of(path) == [f"{place}: field required"]


@pytest.mark.parametrize(
    "place", ["colour", "teams.vision.colour", "identity.colour", "identity.api_keys.0.colour", "teams.vision.regoin"]
)
def test_a_key_not_known_is_refused_by_name(path: Path, place: str) -> None:
    write(path, **{place.replace(".", "__"): MARKER})
    assert lines_of(path) == [f"{place}: extra inputs are not permitted"]


def test_a_team_with_a_bad_name_is_refused(path: Path) -> None:
    write(path, **{"teams__bad team": content()["teams"]["platform"]})
    (line,) = lines_of(path)
    assert line.startswith("teams.bad team")


def test_all_that_is_wrong_is_told_at_once(path: Path) -> None:
    write(path, teams__vision__region=MARKER, teams__platform__account=MARKER, identity__api_keys__0__sha256=MARKER)
    places = [line.partition(":")[0] for line in lines_of(path)]
    assert places == ["teams.vision.region", "teams.platform.account", "identity.api_keys.0.sha256"]


def test_teams_whose_prefixes_are_entangled_are_refused(path: Path) -> None:
    team = content()["teams"]["vision"]
    write(path, teams__web=team | {"owns": {"prefix": "Vision-Web-"}}, teams__far=team | {"region": "eu-west-1"})
    assert lines_of(path) == [
        "teams.web.owns: its prefix begins with that of vision, which would own its jobs too",
    ]


def test_a_key_for_a_team_that_is_not_there_is_refused(path: Path) -> None:
    write(path, identity__api_keys__0__teams=["vision", "ghosts"])
    assert lines_of(path) == ["identity.api_keys.ci.teams: ghosts is not one of the teams"]


def test_entangled_prefixes_and_keys_for_nobody_are_told_at_once(path: Path) -> None:
    team = content()["teams"]["vision"]
    write(path, teams__twin=team, identity__api_keys__0__teams=["ghosts", "spirits"])
    places = [line.partition(":")[0] for line in lines_of(path)]
    assert places == ["teams.twin.owns", "teams.vision.owns", *["identity.api_keys.ci.teams"] * 2]


def test_a_missing_file_is_one_clear_line(path: Path) -> None:
    assert lines_of(path) == [f"GATEWAY_CONFIG: cannot read {path}: No such file or directory"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert lines_of(tmp_path) == [f"GATEWAY_CONFIG: cannot read {tmp_path}: Is a directory"]


def test_a_file_that_may_not_be_read_is_one_clear_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path)

    def denied(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")  # chmod would not stop root, as whom tests may run

    monkeypatch.setattr(Path, "read_text", denied)
    assert lines_of(path) == [f"GATEWAY_CONFIG: cannot read {path}: Permission denied"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"teams:\n  vision: [{MARKER}\n", "3"),
        (f'a: 1\nb: "{MARKER}\n', "3"),
        (f"a: 1\n\tb: {MARKER}\n", "2"),
        (f"a: !!python/object:os.system {MARKER}\n", "1"),
        (f"{MARKER}: 1\n--- \nb: 2\n", "2"),
        (f"\x07{MARKER}", "?"),
    ],
)
def test_what_is_not_yaml_is_told_by_its_line_and_not_by_its_text(path: Path, text: str, line: str) -> None:
    path.write_text(text)
    place = "" if line == "?" else f", line {line}"
    assert lines_of(path) == [f"GATEWAY_CONFIG: {path}{place}: this is not YAML"]


def test_bytes_that_are_no_text_are_not_yaml(path: Path) -> None:
    path.write_bytes(b"teams: \xff\xfe")
    assert lines_of(path) == [f"GATEWAY_CONFIG: {path}: this is not YAML"]


@pytest.mark.parametrize("text", ["", "~", "[]", MARKER, "7"])
def test_a_file_that_is_no_mapping_is_one_line_without_its_text(path: Path, text: str) -> None:
    path.write_text(text)
    (line,) = lines_of(path)
    assert MARKER[:6] not in line


@pytest.mark.parametrize("text", ["when: 2026-99-99\n", "x: !!int s3cret\n", "[" * 3000])
def test_yaml_that_nothing_can_be_made_of_is_one_line_without_its_text(path: Path, text: str) -> None:
    path.write_text(text)
    assert lines_of(path) == [f"GATEWAY_CONFIG: {path}: this is not YAML"]


def test_a_team_written_twice_is_refused_at_its_line(path: Path) -> None:
    team = '  vision: {region: us-east-1, account: "111122223333", owns: all}\n'
    path.write_text(f"teams:\n{team}{team}")
    assert lines_of(path) == [f"GATEWAY_CONFIG: {path}, line 3: this key is written twice"]


@pytest.mark.parametrize("key", ["_secret", "literal[x", "owns"])
def test_a_setting_nobody_knows_is_named_whatever_its_name(path: Path, key: str) -> None:
    path.write_text(f'teams:\n  vision: {{region: us-east-1, account: "111122223333", owns: all}}\n{key}: 1\n')
    (line,) = lines_of(path)
    assert line.startswith(f"{key}: ")


@pytest.mark.parametrize(
    ("owns", "rule"),
    [
        ("all", OwnsAll()),
        ("{prefix: vision-}", OwnsPrefix("vision-")),
        ("{tag: {team: vision}}", OwnsTag("team", "vision")),
    ],
)
def test_a_team_owns_by_one_of_three_rules(path: Path, owns: str, rule: object) -> None:
    path.write_text(f'teams:\n  vision: {{region: us-east-1, account: "111122223333", owns: {owns}}}\n')
    ((team,), *_) = read_file(path)
    assert team.ownership == rule


@pytest.mark.parametrize(
    "owns", ["everything", "{prefix: a b}", "{tag: {}}", "{tag: {a: b, c: d}}", "{prefix: a, tag: {b: c}}"]
)
def test_a_rule_that_is_none_of_the_three_is_one_line(path: Path, owns: str) -> None:
    path.write_text(f'teams:\n  vision: {{region: us-east-1, account: "111122223333", owns: {owns}}}\n')
    (line,) = lines_of(path)
    assert line.startswith("teams.vision.owns")


def test_a_role_has_the_teams_name_in_its_session_and_keeps_its_external_id_to_itself(path: Path) -> None:
    role = "arn:aws:iam::444455556666:role/tuning-gateway"
    path.write_text(
        f'teams:\n  vision: {{region: us-east-1, account: "444455556666", role_arn: "{role}",'
        " external_id: vision-7f3a, owns: all}\n"
    )
    ((team,), *_) = read_file(path)
    assert team.role == Role(role, "vision-7f3a")
    assert team.role.session_name == "tuning-gateway-vision"
    assert "7f3a" not in repr(team)
