"""Whatever the stand-in says, SageMaker's model could have said."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from gateway.standin import ServiceShapes, World, world_named
from gateway.standin.dump import ModelViolationError
from gateway.standin.validate import validate

Send = Callable[..., Awaitable[tuple[int, dict[str, Any], Mapping[str, str]]]]

DESCRIBE = "DescribeHyperParameterTuningJob"
LIST = "ListTrainingJobsForHyperParameterTuningJob"
REQUIRED = {
    "TrainingJobName": "t-1",
    "TrainingJobArn": "arn",
    "CreationTime": 1.0,
    "TrainingJobStatus": "Completed",
    "TunedHyperParameters": {"rate": "1"},
}


@pytest.fixture
def world(clock: Callable[[], float]) -> World:
    return world_named("demo", clock)


async def test_every_answer_satisfies_the_models_own_constraints(
    send: Send, shapes: ServiceShapes, advance: Callable[[float], None]
) -> None:
    names = ("resnet", "detector", "segmenter", "multi", "warm", "hyperband", "grid", "autotune", "broken", "abandoned")
    for _ in range(3):
        await answered(send, shapes, "ListHyperParameterTuningJobs", {"MaxResults": 100})
        for name in names:
            job = {"HyperParameterTuningJobName": f"vision-{name}"}
            described = await answered(send, shapes, DESCRIBE, job)
            await answered(send, shapes, "ListTags", {"ResourceArn": described["HyperParameterTuningJobArn"]})
            page = await answered(send, shapes, LIST, job | {"MaxResults": 100, "SortOrder": "Descending"})
            for row in page["TrainingJobSummaries"][:10]:
                await answered(send, shapes, "DescribeTrainingJob", {"TrainingJobName": row["TrainingJobName"]})
        for resource in ("HyperParameterTuningJob", "TrainingJob"):
            await answered(send, shapes, "Search", {"Resource": resource, "MaxResults": 100})
        advance(61)


async def answered(send: Send, shapes: ServiceShapes, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The answer, held against lengths, patterns and limits too, which the stand-in does not look at on the way out."""
    status, body, _ = await send(operation, arguments)
    assert status == 200
    shape = shapes.output_shape(operation)
    assert shape is not None
    validate(shape, body)
    return body


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"Nonsense": 1}, "has no member Nonsense"),
        ({"TrainingJobName": None}, "needs TrainingJobName"),
        ({"TrainingJobStatus": "Hibernating"}, "does not know the word 'Hibernating'"),
        ({"TrainingJobName": 5}, "5 is no string"),
        ({"CreationTime": "now"}, "'now' is no finite number"),
        ({"CreationTime": float("nan")}, "nan is no finite number"),
        ({"TunedHyperParameters": {"rate": 0.1}}, "0.1 is no string"),
    ],
)
def test_an_answer_the_model_does_not_allow_is_a_fault(
    shapes: ServiceShapes, change: dict[str, object], complaint: str
) -> None:
    with pytest.raises(ModelViolationError, match=complaint):
        shapes.dump(LIST, {"TrainingJobSummaries": [REQUIRED | change]})


def test_what_is_empty_is_left_out_of_an_answer(shapes: ServiceShapes) -> None:
    dumped = shapes.dump(LIST, {"TrainingJobSummaries": [REQUIRED | {"FailureReason": None}], "NextToken": None})
    assert dumped == {"TrainingJobSummaries": [REQUIRED]}
