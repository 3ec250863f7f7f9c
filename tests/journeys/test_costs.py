"""What an operation costs is told before it runs, and never too low; what would cost too much is not begun."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.standin import Standin, WarmStart, World, tuning_job_plan
from gateway.tuning import Lives
from tests.running import Answer, Calls, Running, Start

SOON_FORGOTTEN = Lives(running=1, finished=1, listing=1, absent=1, tags=1, token=1, revalidated=0, stale=0)
TRIALS = 130
JOBS = {"platform": "vision-long", "vision": "vision-long", "speech": "own-long", "both": "vision-long"}


def _cost(answer: Answer) -> dict[str, int]:
    return dict(answer.body["extensions"]["cost"])


async def test_an_operation_above_the_limit_is_refused_before_anything_is_read(
    start: Start, world: World, calls: Calls
) -> None:
    world.add(tuning_job_plan("vision-a", trials=3))
    gateway = await start(most_calls=10)
    query = """query ($first: Int) { tuningJob(name: "vision-a") {
        trainingJobs(first: $first) { nodes { details { roleArn } } } } }"""
    refused = await gateway.ask(query, first=8)
    assert refused.codes == ["COST_LIMIT_EXCEEDED"]
    (error,) = refused.body["errors"]
    assert error["extensions"] == {"code": "COST_LIMIT_EXCEEDED", "estimatedCalls": 11, "limit": 10}
    assert "may cause 11 AWS calls, and 10 are allowed" in error["message"]
    assert "data" not in refused.body
    assert _cost(refused) == {"estimatedCalls": 11, "actualCalls": 0, "cacheHits": 0}
    assert calls() == {}
    allowed = await gateway.ask(query, first=7)
    assert allowed.codes == []
    assert _cost(allowed)["estimatedCalls"] == 10


SPREAD = """query ($n: Int! = 3) { tuningJobs(first: $n) { ...C ...C } }
    fragment C on TuningJobConnection { ...E edges { node { tags { value } } } }
    fragment E on TuningJobConnection { edges { node { ... on Node { ... on TuningJob { tags { key } } } } } }"""


@pytest.mark.parametrize(
    ("query", "estimated"),
    [
        ("{ viewer { subject } __schema { queryType { name } } }", 0),
        ('{ tuningJob(name: "vision-a") { name } }', 1),
        ('{ one: tuningJob(name: "vision-a") { name } two: tuningJob(name: "vision-a") { name } }', 1),
        ('{ tuningJob(name: "vision-a") { trainingJobs { nodes { details { roleArn } } } } }', 13),
        ("query ($n: Int = 3) { tuningJobs(first: $n) { nodes { objective { metricName } } } }", 4),
        (SPREAD, 4),
        ("query ($no: Boolean = false) { tuningJobs { nodes { tags @include(if: $no) { key } } } }", 1),
        ("query ($no: Boolean = false) { tuningJobs { nodes { tags @skip(if: $no) { key } } } }", 11),
        ("{ tuningJobs(statusEquals: FAILED) { totalCount } }", 10),
        ('{ viewer { teams { tuningJob(name: "vision-a") { team { tuningJobs { totalCount } } } } } }', 2),
        ('{ node(id: "bm8gaWQ") { id } }', 0),
    ],
)
async def test_the_estimate_counts_what_would_run(gateway: Running, query: str, estimated: int) -> None:
    answer = await gateway.ask(query)
    assert _cost(answer)["estimatedCalls"] == estimated


async def test_ids_are_priced_by_what_they_name(gateway: Running, world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=3))
    found = await gateway.ask(
        '{ tuningJob(name: "vision-a") { id trainingJobs(sortOrder: DESCENDING) { nodes { id } } } }'
    )
    job = found.data["tuningJob"]
    ids = [job["id"], *[node["id"] for node in job["trainingJobs"]["nodes"]]]
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) {
        id ... on TuningJob { tags { key } } ... on TrainingJob { details { roleArn } } } }"""
    assert _cost(await gateway.ask(query, ids=ids[:1]))["estimatedCalls"] == 2
    assert _cost(await gateway.ask(query, ids=ids[1:]))["estimatedCalls"] == 1 + 10 + 3 + 1
    assert _cost(await gateway.ask(query, ids=ids))["estimatedCalls"] == 2 + 10 + 3 + 1


async def test_fragments_that_multiply_at_each_level_are_refused_and_not_followed(gateway: Running) -> None:
    again = 'tuningJob(name: "x") {{ team {{ ...F{0} }} }}' * 5
    levels = " ".join(f"fragment F{level} on Team {{ {again.format(level + 1)} }}" for level in range(6))
    document = f"{{ viewer {{ teams {{ ...F0 }} }} }} {levels} fragment F6 on Team {{ name }}"
    answer = await gateway.ask(document)
    assert answer.codes == ["DOCUMENT_LIMIT_EXCEEDED"]
    assert "10000 fields" in answer.messages


@dataclass(repr=False)
class Asking:
    """Writes a query of a small grammar, as an example draws it."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    team: str
    cursors: dict[str, list[str]]
    plainly: bool
    """Whether only what the estimate has to be close to is asked: forward, unfiltered, as long as it says, all of it
    there, and nothing shown twice."""
    variables: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)

    def query(self) -> str:
        doors = [self._named, self._named, self._listed, self._through_viewer, self._through_team]
        if self.plainly and self.team in ("vision", "both"):  # a prefix is a filter
            doors = [self._named]
        body = self._some([door() for door in self._choose(doors, most=1 if self.plainly else 3)])
        types = {int: "Int", bool: "Boolean!", str: "String!"}
        declared = "".join(f"${name}: {types[type(value)]} " for name, value in self.variables.items())
        return f"query Q{f'({declared})' if declared else ''} {{ __typename {body} }} {' '.join(self.fragments)}"

    def _choose(self, options: list[Any], most: int) -> list[Any]:
        return list(self.draw(st.lists(st.sampled_from(options), min_size=1, max_size=most)))

    def _some(self, parts: list[str]) -> str:
        return " ".join(f"{self._alias()}: {part}" for part in parts)

    def _alias(self) -> str:
        self._count = getattr(self, "_count", 0) + 1
        return f"f{self._count}"

    def _wrapped(self, body: str, type_: str) -> str:
        """The selection as it is, in a fragment, or under a directive."""
        way = self.draw(st.sampled_from(["plain", "plain", "inline", "fragment", "include"]))
        if way == "inline":
            return f"... on {type_} {{ {body} }}"
        if way == "fragment":
            name = f"F{self._alias()}"
            self.fragments.append(f"fragment {name} on {type_} {{ {body} }}")
            return f"...{name} ...{name}"
        if way == "include":
            return f"... @include(if: ${self._variable(value=self.plainly or self.draw(st.booleans()))}) {{ {body} }}"
        return body

    def _variable(self, value: object) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = value
        return name

    def _named(self) -> str:
        name = f"${self._variable(JOBS[self.team])}" if self.draw(st.booleans()) else f'"{JOBS[self.team]}"'
        asked = f"tuningJob(name: {name})" if self.team != "both" else f'tuningJob(name: {name}, team: "vision")'
        return f"{asked} {{ {self._wrapped(self._of_tuning_job(after=True), 'TuningJob')} }}"

    def _listed(self) -> str:
        team = "" if self.team != "both" else ', team: "nlp"'
        return f"tuningJobs({self._cut('tuningJobs', most=3)}{team}) {{ {self._nodes(self._listed_job())} }}"

    def _listed_job(self) -> str:
        return self._wrapped(self._of_tuning_job(after=False), "TuningJob")

    def _nodes(self, body: str) -> str:
        both = f"nodes {{ __typename {body} }} edges {{ cursor node {{ __typename {body} }} }}"
        return str(self.draw(st.sampled_from([f"nodes {{ __typename {body} }} totalCount", both])))

    def _through_viewer(self) -> str:
        return f'viewer {{ teams {{ name tuningJob(name: "{JOBS[self.team]}") {{ name }} }} }}'

    def _through_team(self) -> str:
        name = {"both": "nlp"}.get(self.team, self.team)
        return f'team(name: "{name}") {{ tuningJobs({self._cut("tuningJobs", most=3)}) {{ totalCount }} }}'

    def _cut(self, listing: str, most: int) -> str:
        first = self.draw(st.integers(1, most))
        size = f"${self._variable(first)}" if self.draw(st.booleans()) else str(first)
        after = self.draw(st.sampled_from([None, None, *self.cursors[listing]])) if listing in self.cursors else None
        if after is not None:
            return f'first: {size}, after: "{after}"'
        words = ["", "", ", sortOrder: DESCENDING", ", sortBy: CREATION_TIME"]
        if not self.plainly:
            words += [", statusEquals: FAILED", ", statusEquals: COMPLETED"]
        return f"first: {size}{self.draw(st.sampled_from(words))}"

    def _of_tuning_job(self, *, after: bool) -> str:
        fields = ["name", "objective { metricName }", "tags { key }", "best", "list", "bestFirst", "team { name }"]
        if not self.plainly:
            fields += ["warmStart { parents { name } }", "overall", "list", "list", "team"]
        chosen = self._choose(fields, most=4)
        if self.plainly:  # two slices may show the same, and be priced twice
            chosen = [each for place, each in enumerate(chosen) if each not in chosen[:place]]
            chosen = [each for each in chosen if each != "bestFirst" or "list" not in chosen]
        return self._some([self._of(each, after=after) for each in chosen])

    def _of(self, chosen: str, *, after: bool) -> str:
        # Where one Search may stand for many calls, the estimate does not know it yet.
        details = "__typename" if self.plainly else self.draw(st.sampled_from(["name", "details { roleArn }"]))
        match chosen:
            case "best":
                return f"bestTrainingJob {{ name {details} }}"
            case "overall":
                return f"overallBestTrainingJob {{ name {details} }}"
            case "bestFirst":
                return f"trainingJobs(first: 5, sortBy: BEST_OBJECTIVE) {{ {self._nodes(details)} }}"
            case "list":
                most = 100 if after else 4
                words = self._cut("trainingJobs" if after else "none", most=most)
                return f"trainingJobs({words}) {{ {self._nodes(details)} }}"
            case "team":
                return f'team {{ name tuningJob(name: "{JOBS[self.team]}") {{ tags {{ key }} }} }}'
        return chosen


@pytest.fixture
def full_world(world: World) -> None:
    """Long listings: more than a page of tuning jobs for every team, more than a page of training jobs in one."""
    world.add(tuning_job_plan("vision-base", trials=5))
    world.add(tuning_job_plan("own-base", trials=5, tags={"team": "speech"}))
    for prefix, tags in (("vision", {}), ("own", {"team": "speech"})):
        parent = WarmStart(parents=(f"{prefix}-base",))
        world.add(tuning_job_plan(f"{prefix}-long", trials=TRIALS, warm_start=parent, tags=tags))
        for number in range(104):
            world.add(tuning_job_plan(f"{prefix}-{number}", trials=6, tags=tags))
    world.add(tuning_job_plan("nlp-only", trials=6))


async def _cursors(gateway: Running, team: str) -> dict[str, list[str]]:
    """Cursors of the first two pages of both listings, which lead to enough of what follows."""
    words = 'team: "vision", ' if team == "both" else ""
    query = f"""query ($name: String!, $a: String, $b: String) {{
        tuningJobs({words}first: 100, after: $a) {{ edges {{ cursor }} pageInfo {{ endCursor }} }}
        tuningJob({words}name: $name) {{ trainingJobs(first: 100, after: $b) {{
            edges {{ cursor }} pageInfo {{ endCursor }} }} }} }}"""
    found: dict[str, list[str]] = {"tuningJobs": [], "trainingJobs": []}
    ends: dict[str, str | None] = {"a": None, "b": None}
    for places in ([0, 50, 98, 99], [0]):
        data = (await gateway.ask(query, key=f"key-of-{team}", name=JOBS[team], **ends)).data
        one, other = data["tuningJobs"], data["tuningJob"]["trainingJobs"]
        ends = {"a": one["pageInfo"]["endCursor"], "b": other["pageInfo"]["endCursor"]}
        if team != "both":  # its list is the other team's
            found["tuningJobs"] += [one["edges"][place]["cursor"] for place in places]
        found["trainingJobs"] += [other["edges"][place]["cursor"] for place in places]
    return found


@pytest.mark.usefixtures("full_world")
@pytest.mark.parametrize("plainly", [False, True], ids=["never too low", "at most twice"])
@pytest.mark.parametrize("team", JOBS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_an_estimate_is_never_below_what_is_used_and_at_most_twice_it_for_plain_slices(
    start: Start,
    standin: Standin,
    advance: Callable[[float], None],
    shared: dict[str, Any],
    team: str,
    plainly: bool,
    data: st.DataObject,
) -> None:
    if not shared:
        shared["gateway"] = await start(lives=SOON_FORGOTTEN, most_calls=100_000)
        shared["cursors"] = await _cursors(shared["gateway"], team)
    gateway: Running = shared["gateway"]
    asking = Asking(data.draw, team, shared["cursors"], plainly)
    query = asking.query()
    advance(2)  # whatever is remembered is forgotten
    standin.calls.reset()
    answer = await gateway.ask(query, key=f"key-of-{team}", **asking.variables)
    assert answer.codes == []
    cost = _cost(answer)
    assert cost["actualCalls"] == sum(standin.calls.counts.values())
    assert cost["actualCalls"] <= cost["estimatedCalls"]
    if plainly:
        assert cost["estimatedCalls"] <= 2 * cost["actualCalls"]


@pytest.fixture
def shared() -> dict[str, Any]:
    """What the examples of one property share."""
    return {}
