"""What may be asked, checked before AWS is: AWS's own constraints, in words that say what is allowed. Pure."""

import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

from gateway.errors import BadUserInput
from gateway.model.words import Word

DEFAULT_FIRST = 10  # AWS's own MaxResults
MOST_FIRST = 100

_TUNING_JOB_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}")
_TUNING_JOB_NAME_LENGTH = 32
_TRAINING_JOB_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
_TRAINING_JOB_NAME_LENGTH = 63
_NAME_PART = re.compile(r"[a-zA-Z0-9-]{1,63}")


class Cut(NamedTuple):
    """Which slice of a listing is asked for."""

    size: int = DEFAULT_FIRST
    cursor: str | None = None
    """Where it begins; None: at the listing's end that it starts from."""
    backwards: bool = False
    """Whether it is gathered towards the listing's start."""


FROM_THE_START = Cut()


def cut(first: int | None, after: str | None, last: int | None, before: str | None) -> Cut:
    """Which slice is asked for: forwards unless `last` or `before` says otherwise."""
    if last is None and before is None:
        return Cut(page_size(first), after)
    one_direction({"first": first, "after": after, "last": last, "before": before})
    return Cut(page_size(last, "last"), before, backwards=True)


def one_direction(asked: Mapping[str, object]) -> None:
    """Arguments, by their names, that page in one direction only."""
    for forwards, backwards in product(("first", "after"), ("last", "before")):
        if asked.get(forwards) is not None and asked.get(backwards) is not None:
            raise BadUserInput(
                f"{forwards} and {backwards} do not go together. Page forwards with first and after: "
                "pageInfo.endCursor, or backwards with last and before: pageInfo.startCursor."
            )


def page_size(rows: int | None, name: str = "first") -> int:
    """How many rows are asked for by the argument of this name, first or last."""
    if rows is None:
        return DEFAULT_FIRST
    if not 1 <= rows <= MOST_FIRST:
        on = {"first": "after: pageInfo.endCursor", "last": "before: pageInfo.startCursor"}[name]
        raise BadUserInput(f"{name} must be from 1 to {MOST_FIRST}, not {rows}. Page on with {on}.")
    return rows


def few_enough(ids: Sequence[str]) -> Sequence[str]:
    """As many ids as may be looked up at once."""
    if len(ids) > MOST_FIRST:
        raise BadUserInput(f"ids takes at most {MOST_FIRST} global ids, not {len(ids)}.")
    return ids


def tuning_job_name(name: str) -> str:
    """A name that a tuning job can have."""
    if not can_be_tuning_job_name(name):
        raise BadUserInput(
            f"A tuning job's name has 1 to {_TUNING_JOB_NAME_LENGTH} letters, digits and hyphens, and neither starts "
            "nor ends with a hyphen."
        )
    return name


def training_job_name(name: str) -> str:
    """A name that a training job can have."""
    if len(name) > _TRAINING_JOB_NAME_LENGTH or not _TRAINING_JOB_NAME.fullmatch(name):
        raise BadUserInput(
            f"A training job's name has 1 to {_TRAINING_JOB_NAME_LENGTH} letters, digits and hyphens, and neither "
            "starts nor ends with a hyphen."
        )
    return name


def can_be_tuning_job_name(text: str) -> bool:
    """Whether a tuning job can have this name."""
    return len(text) <= _TUNING_JOB_NAME_LENGTH and _TUNING_JOB_NAME.fullmatch(text) is not None


def name_part(text: str | None, name: str = "nameContains") -> str | None:
    """A text that a tuning job's name can contain, asked for by the argument of this name."""
    if text is not None and not _NAME_PART.fullmatch(text):
        raise BadUserInput(f"{name} takes 1 to 63 letters, digits and hyphens.")
    return text


def known(status: Word | None) -> None:
    """A status that can be asked for: UNKNOWN stands for words we do not know, which AWS cannot filter by."""
    if status is not None and status.name == "UNKNOWN":
        raise BadUserInput("statusEquals cannot be UNKNOWN. Leave it out to get jobs of every status.")
