import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from gateway.standin import Standin, World, tuning_job_plan

Answer = dict[str, Any]
Send = Callable[..., Awaitable[tuple[int, Answer, Mapping[str, str]]]]
Advance = Callable[[float], None]

LIST = "ListTrainingJobsForHyperParameterTuningJob"
ASKED = {"HyperParameterTuningJobName": "churn-hpo", "MaxResults": 10}


@pytest.fixture(autouse=True)
def _forty_training_jobs(world: World) -> None:
    world.add(tuning_job_plan("churn-hpo", trials=40))
    world.add(tuning_job_plan("other-hpo", trials=40))
    world.add(tuning_job_plan("churn-hpo", trials=40, region="eu-west-1"))
    world.add(tuning_job_plan("churn-hpo", trials=40, account="444455556666"))


async def first_token(send: Send) -> str:
    _, body, _ = await send(LIST, ASKED)
    return str(body["NextToken"])


def assert_refused(status: int, body: Answer) -> None:
    assert (status, body["__type"]) == (400, "ValidationException")
    assert body["message"].startswith("Invalid pagination token")


async def test_the_same_call_gives_another_token_each_time(send: Send) -> None:
    assert len({await first_token(send) for _ in range(5)}) == 5


async def test_every_token_of_the_same_place_opens_the_same_page(send: Send) -> None:
    tokens = [await first_token(send) for _ in range(2)]
    rows = [(await send(LIST, ASKED | {"NextToken": token}))[1]["TrainingJobSummaries"] for token in tokens]
    assert rows[0] == rows[1]


@pytest.mark.parametrize(
    "changed",
    [
        {"MaxResults": 20},
        {"SortOrder": "Descending"},
        {"StatusEquals": "Completed"},
        {"HyperParameterTuningJobName": "other-hpo"},
    ],
)
async def test_a_token_is_refused_with_other_arguments(send: Send, changed: Answer) -> None:
    token = await first_token(send)
    status, body, _ = await send(LIST, ASKED | changed | {"NextToken": token})
    assert_refused(status, body)


@pytest.mark.parametrize("scope", [{"region": "eu-west-1"}, {"key": "AKIA444455556666"}])
async def test_a_token_is_refused_in_another_region_or_account(send: Send, scope: dict[str, str]) -> None:
    token = await first_token(send)
    status, body, _ = await send(LIST, ASKED | {"NextToken": token}, **scope)
    assert_refused(status, body)


async def test_a_token_is_refused_by_another_operation(send: Send) -> None:
    token = await first_token(send)
    status, body, _ = await send("ListHyperParameterTuningJobs", {"MaxResults": 10, "NextToken": token})
    assert_refused(status, body)


@pytest.mark.parametrize("forged", ["x", "not a token", "A" * 300, "ü" * 80])
async def test_a_forged_token_is_refused(send: Send, forged: str) -> None:
    status, body, _ = await send(LIST, ASKED | {"NextToken": forged})
    assert_refused(status, body)


async def test_a_token_with_one_character_changed_is_refused(send: Send) -> None:
    token = await first_token(send)
    for place in (0, len(token) // 2, len(token) - 1):
        other = "A" if token[place] != "A" else "B"
        status, body, _ = await send(LIST, ASKED | {"NextToken": token[:place] + other + token[place + 1 :]})
        assert_refused(status, body)


async def test_a_token_is_good_in_one_spelling_only(send: Send) -> None:
    token = await first_token(send)
    for other in (f"{token[:9]}!{token[9:]}", f"{token}="):
        status, body, _ = await send(LIST, ASKED | {"NextToken": other})
        assert_refused(status, body)


async def test_a_token_is_refused_after_its_life(send: Send, advance: Advance) -> None:
    token = await first_token(send)
    advance(3_600)
    status, _, _ = await send(LIST, ASKED | {"NextToken": token})
    assert status == 200
    advance(1)
    status, body, _ = await send(LIST, ASKED | {"NextToken": token})
    assert_refused(status, body)


async def test_the_life_of_tokens_is_a_switch(standin: Standin, send: Send, advance: Advance) -> None:
    standin.switches.token_life = 5.0
    token = await first_token(send)
    advance(6)
    status, body, _ = await send(LIST, ASKED | {"NextToken": token})
    assert_refused(status, body)


@pytest.mark.parametrize("size", [256, 1_000, 8_192])
async def test_tokens_are_padded_to_the_size_asked_for(standin: Standin, send: Send, size: int) -> None:
    standin.switches.token_size = size
    token = await first_token(send)
    assert size - 1 <= len(token) <= size
    assert re.fullmatch(r"[\w-]+", token)
    status, _, _ = await send(LIST, ASKED | {"NextToken": token})
    assert status == 200


async def test_a_token_longer_than_aws_allows_breaks_a_constraint(send: Send) -> None:
    status, body, _ = await send(LIST, ASKED | {"NextToken": "x" * 8_193})
    assert status == 400
    assert "Member must have length less than or equal to 8192" in body["message"]
