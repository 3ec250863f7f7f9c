"""Hyperparameters as SageMaker keeps them: pairs of strings, whatever they mean."""

from dataclasses import dataclass

from gateway.model.numbers import number_in


@dataclass(frozen=True, slots=True)
class HyperParameter:
    """One hyperparameter and its value."""

    name: str
    """The hyperparameter's name."""
    value: str
    """The value as SageMaker has it. Framework estimators encode categorical values as JSON, quotes included."""
    number: float | None
    """The value as a number when it is one, else null."""

    @classmethod
    def of(cls, name: str, value: str) -> "HyperParameter":
        """The pair, with the value read as a number where that is what it is."""
        return cls(name, value, number_in(value))
