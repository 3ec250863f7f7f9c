"""Believable numbers: which hyperparameters a search tries, and which metric comes of them.

Repeatable: everything is drawn from the random generator handed in. Points live in the unit cube, one axis per range.
"""

import struct
from collections.abc import Sequence
from math import exp, log, prod
from random import Random

from gateway.standin.plan import CategoricalRange, DefinitionPlan, IntegerRange, ParameterRange, Strategy

Point = tuple[float, ...]
LEARNT = 0.5  # the share of a Bayesian search after which it mostly looks where it was best


class Search:
    """One algorithm being tuned: the summit of its landscape, and the steps of the strategy towards it."""

    def __init__(self, strategy: Strategy, definition: DefinitionPlan, rng: Random) -> None:
        self._strategy = strategy
        self._definition = definition
        self._rng = rng
        self._summit = tuple(rng.uniform(0.25, 0.75) for _ in definition.ranges)

    def point(self, number: int, progress: float) -> Point:
        """The point tried by the trial of this number, counted from 1; `progress` of the search runs from 0 to 1."""
        ranges, rng = self._definition.ranges, self._rng
        if self._strategy == "Grid":
            return _grid_point(ranges, number - 1)
        if self._strategy == "Bayesian" and rng.random() < min(0.9, progress / LEARNT):
            width = 0.25 * (1 - progress) + 0.04
            return tuple(min(1.0, max(0.0, rng.gauss(axis, width))) for axis in self._summit)
        return tuple(rng.random() for _ in ranges)

    def quality(self, point: Point) -> float:
        """From 0 to 1: best at the summit, falling off with the distance, with the noise that training has."""
        distance = sum((a - b) ** 2 for a, b in zip(point, self._summit, strict=True)) / max(1, len(point))
        return min(1.0, max(0.0, exp(-5 * distance) - abs(self._rng.gauss(0, 0.015))))

    def metric(self, quality: float) -> float:
        """A metric for a quality: an accuracy below one to maximize, a loss above zero to minimize."""
        rising = self._definition.objective.type == "Maximize"
        return as_float32(0.42 + 0.55 * quality if rising else 0.08 + 1.9 * (1 - quality))

    def parameters(self, point: Point) -> dict[str, str]:
        """The hyperparameters of a point."""
        return {axis.name: spelled(axis, at) for axis, at in zip(self._definition.ranges, point, strict=True)}


def _grid_point(ranges: Sequence[ParameterRange], place: int) -> Point:
    """Grid search tries every combination of categories once, the last range fastest."""
    point = []
    for axis in reversed(ranges):
        count = len(axis.values) if isinstance(axis, CategoricalRange) else 1
        place, digit = divmod(place, count)
        point.append((digit + 0.5) / count)
    return tuple(reversed(point))


def combinations(ranges: Sequence[ParameterRange]) -> int:
    """How many training jobs a grid search makes of the ranges."""
    return prod(len(axis.values) for axis in ranges if isinstance(axis, CategoricalRange))


def spelled(axis: ParameterRange, at: float) -> str:
    """The value at a place from 0 to 1 of a range, as SageMaker spells it: always a string."""
    if isinstance(axis, CategoricalRange):
        return axis.values[min(int(at * len(axis.values)), len(axis.values) - 1)]
    if axis.scaling == "Logarithmic":
        value = exp(log(axis.low) + at * (log(axis.high) - log(axis.low)))
    else:
        value = axis.low + at * (axis.high - axis.low)
    value = min(max(value, axis.low), axis.high)  # exp(log(x)) may step over the edge
    return str(round(value)) if isinstance(axis, IntegerRange) else repr(value)


def as_float32(value: float) -> float:
    """The nearest single-precision number: SageMaker's metrics show its digits, as in 0.8374999761581421."""
    return float(struct.unpack("f", struct.pack("f", value))[0])
