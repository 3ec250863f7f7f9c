"""What a serverless job does with a base model, and where its results are registered."""

from dataclasses import dataclass

from gateway.model.details_words import CustomizationTechnique, EvaluationType, Peft, ServerlessJobType
from gateway.model.numbers import Long


@dataclass(frozen=True, slots=True)
class ServerlessJob:
    """A job that customises or evaluates a model on instances SageMaker chooses."""

    type: ServerlessJobType
    """What it does with the base model."""
    raw_type: str
    """The job type in SageMaker's own word, also when `type` is UNKNOWN."""
    base_model_arn: str
    """The model it starts from, in SageMaker's public hub; the latest version of it."""
    eula_accepted: bool | None
    """Whether the caller accepted the base model's licence. Null where there is none to accept."""
    customization_technique: CustomizationTechnique | None
    """How it trains; null for an evaluation."""
    raw_customization_technique: str | None
    """The technique in SageMaker's own word, also when `customizationTechnique` is UNKNOWN."""
    peft: Peft | None
    """How it trains fewer parameters than the model has; null when it trains them all."""
    raw_peft: str | None
    """The same in SageMaker's own word, also when `peft` is UNKNOWN."""
    sequence_length: str | None
    """The longest input it has to take, in tokens, written as `8K`. Null leaves it to SageMaker."""
    evaluation_type: EvaluationType | None
    """How it measures; null for a fine-tuning."""
    raw_evaluation_type: str | None
    """The evaluation type in SageMaker's own word, also when `evaluationType` is UNKNOWN."""
    evaluator_arn: str | None
    """The evaluator that scores or rewards; null when none of the caller's is used."""


@dataclass(frozen=True, slots=True)
class ModelPackage:
    """Where a job registers the model it makes."""

    group_arn: str
    """The model package group it is registered in."""
    source_arn: str | None
    """The model package it was made from; null when the base model is none."""


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """How far a serverless job has got. A snapshot: it moves while the job runs."""

    current_epoch: Long | None
    """The epoch it is in."""
    max_epoch: Long | None
    """How many epochs it will run."""
    current_step: Long | None
    """The step of the current epoch it is at."""
    total_step_count_per_epoch: Long | None
    """How many steps an epoch has."""
