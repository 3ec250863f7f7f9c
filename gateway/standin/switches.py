"""What can be made to go wrong or slow, and the one object that says so.

Only the settings and their JSON form; who applies them is `server`, `rates` and `mischief`.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

FilterMode = Literal["page-then-filter", "filter-then-page"]
NonFinite = Literal["NaN", "Infinity", "-Infinity", '"NaN"']


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: `per_second` calls, up to `burst` at once."""

    per_second: float
    burst: float = 1.0


AWS_RATES: Mapping[str, Rate] = {
    # Two list calls a second are an account's quota, and no larger one can be had. The others AWS does not publish:
    # these are cautious guesses, in the proportions in which clients report to be throttled.
    "ListTrainingJobsForHyperParameterTuningJob": Rate(2, 2),
    "ListHyperParameterTuningJobs": Rate(2, 2),
    "DescribeHyperParameterTuningJob": Rate(10, 10),
    "DescribeTrainingJob": Rate(10, 10),
    "Search": Rate(5, 5),
    "ListTags": Rate(10, 10),
    "AddTags": Rate(5, 5),
    "DeleteTags": Rate(5, 5),
    "CreateHyperParameterTuningJob": Rate(1, 5),
    "StopHyperParameterTuningJob": Rate(5, 5),
    "StopTrainingJob": Rate(5, 5),
}
"""Rates like AWS's, ready to be switched on: `{"rates": "aws"}` over HTTP."""


@dataclass(frozen=True, slots=True)
class FailNext:
    """The next `count` calls of `operation` are answered with the error `code`."""

    operation: str
    code: str
    count: int = 1


@dataclass(slots=True)
class Switches:
    """How the stand-in misbehaves; as built, not at all. Set the fields at any time, between any two calls.

    latency: seconds every answer takes.
    rates: calls allowed per operation, account and region; "*" is every operation that is not named, each by itself.
        In JSON also "aws", which stands for AWS_RATES.
    fail_next: errors for the next calls; an entry is replaced by one with a smaller count as it is used up.
    reset_next: per operation, how many of its next calls have their connection cut.
    token_life, token_size: seconds a NextToken lives, and the characters it is padded to (AWS allows 8192).
    filter_mode: page-then-filter cuts MaxResults rows first, as SageMaker does, so that pages may be short or empty.
    search_lag: seconds by which Search is behind: it sees jobs, their states and their tags as they were then.
    roles: external id (or None: none is needed) per ARN of a role that can be assumed; while empty, any role can be.
    unknown_status: the word sent as the status of the tuning or training job of that name.
    non_finite_metric: what is sent as the objective's value of the training job of that name; in quotes, as a string.
    unknown_member: a member of this name is added to every answer and every row.
    """

    latency: float = 0.0
    rates: dict[str, Rate] = field(default_factory=dict)
    fail_next: list[FailNext] = field(default_factory=list)
    reset_next: dict[str, int] = field(default_factory=dict)
    token_life: float = 3600.0
    token_size: int = 256
    filter_mode: FilterMode = "page-then-filter"
    search_lag: float = 0.0
    roles: dict[str, str | None] = field(default_factory=dict)
    unknown_status: dict[str, str] = field(default_factory=dict)
    non_finite_metric: dict[str, NonFinite] = field(default_factory=dict)
    unknown_member: str | None = None

    def take_failure(self, operation: str) -> str | None:
        """The error code the operation has to fail with now, used up by asking; None if there is none."""
        for place, failure in enumerate(self.fail_next):
            if failure.operation == operation and failure.count > 0:
                rest = FailNext(operation, failure.code, failure.count - 1)
                self.fail_next[place : place + 1] = [rest] if rest.count else []
                return failure.code
        return None

    def take_reset(self, operation: str) -> bool:
        """Whether this call's connection is cut, used up by asking."""
        left = self.reset_next.get(operation, 0)
        if left > 1:
            self.reset_next[operation] = left - 1
        else:
            self.reset_next.pop(operation, None)
        return left > 0

    def to_json(self) -> dict[str, Any]:
        """All switches as JSON values."""
        return asdict(self)

    def set_from_json(self, changes: Mapping[str, object]) -> None:
        """Replaces the named switches, all or none. Raises ValueError with what is wrong."""
        unknown = sorted(set(changes) - {known.name for known in fields(self)})
        if unknown:
            raise ValueError(f"there are no switches called {', '.join(unknown)}")
        read = {name: _READERS[name](name, value) for name, value in changes.items()}
        for name, value in read.items():
            setattr(self, name, value)


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise ValueError(f"{name} wants a number that is not negative")
    return value


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{name} wants a whole number that is not negative")
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} wants a text")  # noqa: TRY004 - one kind of error tells the caller what to mend
    return value


def _text_or_null(name: str, value: object) -> str | None:
    return None if value is None else _text(name, value)


def _one_of(words: tuple[str, ...]) -> Callable[[str, object], str]:
    def read(name: str, value: object) -> str:
        if value not in words:
            raise ValueError(f"{name} wants one of {', '.join(words)}")
        return str(value)

    return read


def _each(read: Callable[[str, object], Any]) -> Callable[[str, object], dict[str, Any]]:
    def read_all(name: str, value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValueError(f"{name} wants an object")  # noqa: TRY004 - as above
        return {key: read(f"{name}.{key}", inner) for key, inner in value.items()}

    return read_all


def _rates(name: str, value: object) -> dict[str, Rate]:
    return dict(AWS_RATES) if value == "aws" else _each(_rate)(name, value)


def _rate(name: str, value: object) -> Rate:
    parts = _each(_number)(name, value)
    if "per_second" not in parts or not set(parts) <= {"per_second", "burst"}:
        raise ValueError(f"{name} wants per_second and, if you like, burst")
    return Rate(**parts)


def _failures(name: str, value: object) -> list[FailNext]:
    if not isinstance(value, list):
        raise ValueError(f"{name} wants a list")  # noqa: TRY004 - as above
    return [_failure(f"{name}[{place}]", entry) for place, entry in enumerate(value)]


def _failure(name: str, value: object) -> FailNext:
    if not isinstance(value, dict) or not {"operation", "code"} <= set(value) <= {"operation", "code", "count"}:
        raise ValueError(f"{name} wants operation, code and, if you like, count")
    return FailNext(
        _text(f"{name}.operation", value["operation"]),
        _text(f"{name}.code", value["code"]),
        _whole(f"{name}.count", value.get("count", 1)),
    )


_READERS: Mapping[str, Callable[[str, object], Any]] = {
    "latency": _number,
    "rates": _rates,
    "fail_next": _failures,
    "reset_next": _each(_whole),
    "token_life": _number,
    "token_size": _whole,
    "filter_mode": _one_of(get_args(FilterMode)),
    "search_lag": _number,
    "roles": _each(_text_or_null),
    "unknown_status": _each(_text),
    "non_finite_metric": _each(_one_of(get_args(NonFinite))),
    "unknown_member": _text_or_null,
}
