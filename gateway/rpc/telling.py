"""Model objects as the contract's messages, field by field: a field of the model is a field of the message.

Nothing is chosen here: what is not to be told must not be in the object.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from functools import cache, partial
from typing import Any, get_origin

from google.protobuf.message import Message

from gateway.model.documentation import plain_fields
from gateway.model.training_job import TrainingJob
from gateway.model.tuning_job import TuningJob
from gateway.rpc.contract import inner, name_of, value_name
from gateway.rpc.tuning.v1 import tuning_pb2 as pb

_Way = Callable[[Any, str, Any], None]


def tuning_job(job: TuningJob, team: str, *, row: bool = False) -> pb.TuningJob:
    """A tuning job of a team's, or no more of it than a list's row has."""
    message = pb.TuningJob(team=team)
    _fill(message, job, TuningJob if row else type(job))
    return message


def training_job(job: TrainingJob) -> pb.TrainingJob:
    """A training job."""
    message = pb.TrainingJob()
    tell(message, job)
    return message


def tell(message: Message, value: object) -> None:
    """Fill a message with what an object of the model says."""
    _fill(message, value, type(value))


def numbers(words: type[Enum]) -> Mapping[Enum, int]:
    """The contract's numbers of a vocabulary's words."""
    by_name = pb.DESCRIPTOR.enum_types_by_name[name_of(words)].values_by_name
    return {word: by_name[value_name(word)].number for word in words}


def _fill(message: Message, value: object, cls: type) -> None:
    for name, way in _ways(cls):
        told = getattr(value, name)
        if told is not None:
            way(message, name, told)


@cache  # one entry per model class: a fixed, small number
def _ways(cls: type) -> tuple[tuple[str, _Way], ...]:
    return tuple((name, _way(hint)) for name, (hint, _) in plain_fields(cls).items())


def _way(hint: Any) -> _Way:  # noqa: ANN401  # a type hint is anything
    said, many = inner(hint), get_origin(hint) is tuple
    if said is datetime:
        return _moment
    if isinstance(said, type) and issubclass(said, Enum):
        return partial(_word, numbers(said))
    if hasattr(said, "__dataclass_fields__"):
        return _objects if many else _object
    return _plain_many if many else setattr


def _plain_many(message: Any, name: str, values: tuple[object, ...]) -> None:  # noqa: ANN401  # any message
    getattr(message, name).extend(values)


def _word(known: Mapping[Enum, int], message: Any, name: str, word: Enum) -> None:  # noqa: ANN401  # as above
    setattr(message, name, known[word])


def _moment(message: Any, name: str, moment: datetime) -> None:  # noqa: ANN401  # as above
    getattr(message, name).FromDatetime(moment)


def _object(message: Any, name: str, value: object) -> None:  # noqa: ANN401  # as above
    part = getattr(message, name)
    part.SetInParent()  # there, even where all of it is zero
    tell(part, value)


def _objects(message: Any, name: str, values: tuple[object, ...]) -> None:  # noqa: ANN401  # as above
    parts = getattr(message, name)
    for value in values:
        tell(parts.add(), value)
