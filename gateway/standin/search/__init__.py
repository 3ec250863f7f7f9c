"""Search, for tuning jobs and training jobs: filter, judge visibility, sort, page.

`expression` turns a SearchExpression into a test, `comparison` one operator of it; `properties` reads by name what
`records` holds. Other resources and NestedFilters are refused. As in AWS, VisibilityConditions fail open: a record
passes that lacks the tag.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from gateway.standin.asked import Asked
from gateway.standin.failures import bad_search, not_searchable
from gateway.standin.search.comparison import Keep
from gateway.standin.search.expression import keep_of
from gateway.standin.search.properties import Properties
from gateway.standin.search.records import Record, TrainingRecord, TuningRecord
from gateway.standin.words import Words
from gateway.standin.worlds.sight import Sight

InOrder = Callable[[Iterable[Record]], list[Record]]


def search(asked: Asked) -> Words:
    """Search. Filters come before the page is cut, as in any index."""
    arguments = asked.arguments
    resource = arguments["Resource"]
    if resource not in ("HyperParameterTuningJob", "TrainingJob"):
        raise not_searchable(resource)
    properties = Properties(asked.shapes.record_shape(resource))
    keeps = list(_keeps(arguments, properties))
    in_order = _order(arguments, properties)
    records = _records(resource, asked.index, arguments.get("CrossAccountFilterOption"))
    found = in_order(record for record in records if all(keep(record) for keep in keeps))
    page, token = asked.pager.page(found, arguments)
    return {
        "Results": [{resource: _known(record.words(), properties)} for record in page],
        "NextToken": token,
        "TotalHits": {"Value": len(found), "Relation": "EqualTo"},
    }


def _records(resource: str, index: Sight, option: str | None) -> Iterator[Record]:
    if option == "CrossAccount":
        return  # nobody has made anything discoverable to other accounts here
    if resource == "TrainingJob":
        yield from (TrainingRecord(index, job, trial) for job, trial in index.training_jobs())
    else:
        yield from (TuningRecord(index, job) for job in index.tuning_jobs())


def _known(words: Words, properties: Properties) -> Words:
    """What Describe says, without the members a search record does not have, such as Autotune."""
    return {name: value for name, value in words.items() if name in properties.members}


def _keeps(arguments: Mapping[str, Any], properties: Properties) -> Iterator[Keep]:
    expression = arguments.get("SearchExpression")
    if expression is not None:
        yield keep_of(expression, properties)
    for condition in arguments.get("VisibilityConditions") or ():
        yield _visible((condition or {}).get("Key"), (condition or {}).get("Value"))


def _visible(key: str | None, value: str | None) -> Keep:
    """Whether a record has the tag with the value, or lacks the tag: "any resources that don't have a key from the
    list that you've provided will also be included". Where several are given, here each of them has to pass.
    """
    prefix, _, tag = (key or "").partition(".")
    if prefix != "Tags" or not tag:
        raise bad_search(f"The key '{key}' of a visibility condition must be of the form Tags.<key>.")
    return lambda record: record.tags().get(tag, value) == value


def _order(arguments: Mapping[str, Any], properties: Properties) -> InOrder:
    """How to sort. Ties go by name; records without the property come last, whichever the order."""
    by = properties.named(arguments.get("SortBy") or "LastModifiedTime")
    if by.kind == "whole":
        raise bad_search(f"Results cannot be sorted by {by.name}.")
    descending = (arguments.get("SortOrder") or "Descending") == "Descending"

    def in_order(records: Iterable[Record]) -> list[Record]:
        keyed = sorted(((by.sort_key(record), record) for record in records), key=lambda pair: pair[1].name)
        there = [(key, record) for key, record in keyed if key is not None]
        there.sort(key=lambda pair: pair[0], reverse=descending)  # a stable sort: equals stay in the order of names
        return [record for _, record in there] + [record for key, record in keyed if key is None]

    return in_order
