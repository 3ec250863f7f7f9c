"""Operations that random examples ask, about jobs that each team has."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

JOBS = {"platform": "vision-long", "vision": "vision-long", "speech": "own-long", "both": "vision-long"}
LIVE = {"platform": "vision-live", "vision": "vision-live", "speech": "own-live", "both": "vision-live"}
"""By team: a long job, and one that runs."""


@dataclass(repr=False)
class Asking:
    """Writes operations of a small grammar, as an example draws them."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    team: str
    cursors: dict[str, list[str]]
    plainly: bool
    """Whether only what the estimate has to be close to is asked: forward, unfiltered, as long as it says, all of it
    there, and nothing shown twice."""
    variables: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)

    def query(self) -> str:
        """A query, perhaps with fragments and variables."""
        doors = [self._named, self._named, self._listed, self._through_viewer, self._through_team]
        if self.plainly and self.team in ("vision", "both"):  # a prefix is a filter
            doors = [self._named]
        body = self._some([door() for door in self._choose(doors, most=1 if self.plainly else 3)])
        return f"query Q{self._declared()} {{ __typename {body} }} {' '.join(self.fragments)}"

    def subscription(self) -> str:
        """A subscription to a job that runs."""
        name, team = LIVE[self.team], ', team: "vision"' if self.team == "both" else ""
        if self.draw(st.booleans()):
            root = f'tuningJob(name: "{name}"{team}) {{ __typename {self._of_tuning_job(after=False)} }}'
        else:
            details = self.draw(st.sampled_from(["name", "details { roleArn }", "details { serverless { rawType } }"]))
            root = f'trainingJobsChanged(tuningJob: "{name}"{team}) {{ name {details} }}'
        declared = self._declared()
        return f"subscription S{declared} {{ {root} }} {' '.join(self.fragments)}"

    def _declared(self) -> str:
        types = {int: "Int", bool: "Boolean!", str: "String!"}
        declared = "".join(f"${name}: {types[type(value)]} " for name, value in self.variables.items())
        return f"({declared})" if declared else ""

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
