"""One filter of a search: a property, an operator and a value, made into a test of records.

The value is text whatever it is compared with; it is read once, and refused where the property can never be that.
"""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from math import isfinite, trunc
from typing import Any

from gateway.standin.failures import RefusedError, bad_search
from gateway.standin.search.properties import Property, number_in
from gateway.standin.search.records import Record

Keep = Callable[[Record], bool]
Fits = Callable[[Any], bool]

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
}
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)


def keep_by(of: Property, word: str, value: str | None) -> Keep:
    """The test of one filter. Raises RefusedError where SageMaker has no such comparison.

    A record without the property equals nothing, so that Equals leaves it out and NotEquals ("the value of Name doesn't
    equal Value") takes it in: a NotEquals on a tag also finds what has no such tag.
    """
    read = of.read
    if word in ("Exists", "NotExists"):
        wanted = word == "Exists"
        return lambda record: bool(read(record)) is wanted
    if value is None:
        raise bad_search(f"The operator {word} on {of.name} needs a value.")
    if word == "NotEquals":
        equal = _fits(of, "Equals", value)
        return lambda record: not any(equal(held) for held in read(record))
    fits = _fits(of, word, value)
    return lambda record: any(fits(held) for held in read(record))


def _fits(of: Property, word: str, value: str) -> Fits:
    if of.kind in ("text", "spelled"):
        return _text(of, word, value)
    if of.kind == "number":
        return _ordered(of, word, _number(of, value))
    if of.kind == "moment":
        return _ordered(of, word, _moment(of, value))
    if of.kind == "flag" and word == "Equals":
        return lambda held: str(held).lower() == value.lower()
    raise _unsupported(of, word)


def _text(of: Property, word: str, value: str) -> Fits:
    """Case counts, and so do blanks around the commas of In: AWS says nothing of forgiving them."""
    if word == "Contains":
        return lambda held: value in held
    if word == "In":
        choices = frozenset(value.split(","))
        return lambda held: held in choices
    wanted = number_in(value) if of.kind == "spelled" else None
    if wanted is not None:
        return _spelled(word, wanted, whole=bool(_WHOLE.fullmatch(value)))
    if word == "Equals":
        return lambda held: bool(held == value)
    raise _unsupported(of, word)


def _spelled(word: str, wanted: float, *, whole: bool) -> Fits:
    """Against a whole number "the decimal hyperparameter values are treated as integers": here, cut off."""
    compare = _COMPARE[word]

    def fits(held: str) -> bool:
        number = number_in(held)
        return number is not None and compare(trunc(number) if whole and isfinite(number) else number, wanted)

    return fits


def _ordered(of: Property, word: str, wanted: float) -> Fits:
    if word not in _COMPARE:
        raise _unsupported(of, word)
    compare = _COMPARE[word]
    return lambda held: compare(held, wanted)


def _number(of: Property, value: str) -> float:
    number = number_in(value)
    if number is None:
        raise bad_search(f"The value '{value}' of {of.name} must be an integer or a floating-point decimal.")
    return number


def _moment(of: Property, value: str) -> float:
    """YYYY-mm-ddTHH:MM:SS, in UTC unless it says otherwise, or epoch seconds."""
    epoch = number_in(value)
    if epoch is not None:
        return epoch
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise bad_search(f"The value '{value}' of {of.name} must be a date-time YYYY-mm-ddTHH:MM:SS.") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _unsupported(of: Property, word: str) -> RefusedError:
    return bad_search(f"The operator {word} is not supported for the property {of.name}.")
