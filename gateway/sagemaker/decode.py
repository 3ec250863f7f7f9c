"""AWS's answers into `model` objects. Pure: a mapping in, a frozen object out.

A class is decoded field by field from its type hints. A field reads the AWS member of its own name in AWS's
spelling (`creation_time` <- `CreationTime`) unless `names.py` says otherwise; `raw_status` reads what `status` reads.
Unknown members are passed over, unknown words become `UNKNOWN`, a number that is not finite becomes None.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from gateway.model.hyper_parameter import HyperParameter
from gateway.model.monitoring import Setting
from gateway.model.tuning_job import DescribedTuningJob
from gateway.model.words import Word
from gateway.sagemaker.names import member_of

T = TypeVar("T")
Raw = Mapping[str, Any]


def decode(cls: type[T], raw: Raw) -> T:
    """The object of class `cls` in AWS's answer `raw`. Raises KeyError where AWS left out a member it promises."""
    return cls(*[read(raw) for read in _readers(cls)])  # type: ignore[arg-type]  # a class is hashable


def member_path(cls: type, field_name: str) -> tuple[str, ...]:
    """The AWS members that lead to a field: one, or several where our object is flatter than AWS's."""
    return tuple(member_of(cls, field_name.removeprefix("raw_")).split("."))


@cache  # one entry per model class: a fixed, small number
def _readers(cls: type) -> list[Callable[[Raw], Any]]:
    hints = get_type_hints(cls)
    return [_reader(member_path(cls, field.name), hints[field.name], field.default) for field in fields(cls)]


def _reader(path: tuple[str, ...], hint: Any, default: Any) -> Callable[[Raw], Any]:  # noqa: ANN401  # any type's
    convert, absent = _converter(hint)
    if default is not MISSING:
        absent = default
    *outer, last = path

    def read(raw: Raw) -> Any:  # noqa: ANN401  # whatever the field holds
        for member in outer:
            raw = raw.get(member) or {}
        value = raw.get(last)
        if value is None:
            if absent is MISSING:
                raise KeyError(last)
            return absent
        return convert(value) if convert else value

    return read


def _converter(hint: Any) -> tuple[Callable[[Any], Any] | None, Any]:  # noqa: ANN401  # a type hint is anything
    """How a value of this type is made (None: as it is), and what stands for an absent one (MISSING: nothing may)."""
    if get_origin(hint) in (Union, UnionType):
        (inner,) = (arm for arm in get_args(hint) if arm is not NoneType)
        return _converter(inner)[0], None
    if get_origin(hint) is tuple:
        return _tuple_converter(get_args(hint)[0]), ()
    if hint is float:
        return _finite, MISSING
    if isinstance(hint, type) and issubclass(hint, Word):
        return hint.of, MISSING
    if isinstance(hint, type) and is_dataclass(hint):
        return lambda raw: decode(hint, raw), MISSING
    return None, MISSING


def _tuple_converter(item: Any) -> Callable[[Any], Any]:  # noqa: ANN401  # a type hint is anything
    if item in (HyperParameter, Setting):
        return lambda pairs: tuple([item.of(name, value) for name, value in sorted(pairs.items())])
    if item is str:  # of a mapping the names alone, in an order of their own: AWS's is none
        return lambda rows: tuple(sorted(rows) if isinstance(rows, Mapping) else rows)
    convert, _ = _converter(item)
    return (lambda rows: tuple([convert(row) for row in rows])) if convert else tuple


def launched_by(tuning_job_name: str, raw: Raw) -> Raw:
    """A training job's row that says whose it is: AWS leaves that out where it goes without saying."""
    return {"TuningJobName": tuning_job_name, **raw}


def described_tuning_job(raw: Raw) -> DescribedTuningJob:
    """The tuning job in DescribeHyperParameterTuningJob's answer, with one list of definitions.

    AWS keeps the objective and the ranges of a single definition beside it, those of several inside each.
    """
    config = raw["HyperParameterTuningJobConfig"]
    own = {
        "TuningObjective": config.get("HyperParameterTuningJobObjective"),
        "HyperParameterRanges": config.get("ParameterRanges"),
    }
    single = raw.get("TrainingJobDefinition")
    definitions = [
        {**own, **raw_definition}
        for raw_definition in [single, *raw.get("TrainingJobDefinitions", ())]
        if raw_definition
    ]
    best = _named_best_training_jobs(raw)
    job = decode(DescribedTuningJob, {**raw, **best, "TrainingJobDefinitions": definitions})
    if job.objective is None and job.definitions:
        job = replace(job, objective=job.definitions[0].objective)
    return job


def _named_best_training_jobs(raw: Raw) -> Raw:
    """The best training jobs, with the tuning job of each where AWS leaves that out.

    The overall best may be a parent's. One that does not say whose it is, and is not the tuning job's own best, is left
    out: nobody could tell who may see it.
    """
    best, overall = raw.get("BestTrainingJob"), raw.get("OverallBestTrainingJob")
    own = best and launched_by(raw["HyperParameterTuningJobName"], best)
    if own and overall and own["TrainingJobArn"] == overall["TrainingJobArn"]:
        overall = launched_by(own["TuningJobName"], overall)
    return {
        "BestTrainingJob": own,
        "OverallBestTrainingJob": overall if overall and "TuningJobName" in overall else None,
    }


def _finite(value: Any) -> float | None:  # noqa: ANN401  # a diverged metric arrives as nan, or as the text "NaN"
    number = float(value)
    return number if math.isfinite(number) else None
