"""When AWS fails, the caller gets a code to act on and never AWS's own words."""

import json

import pytest

from gateway.sagemaker import SageMakerOptions
from gateway.standin import FailNext, Standin, World, tuning_job_plan
from tests.running import Calls, Running, Start

QUERY = '{ tuningJob(name: "vision-a") { name trainingJobs { nodes { name } } } }'
DESCRIBE = "DescribeHyperParameterTuningJob"
LIST = "ListTrainingJobsForHyperParameterTuningJob"


@pytest.fixture(autouse=True)
def _a_job(world: World) -> None:
    world.add(tuning_job_plan("vision-a", trials=2))


@pytest.mark.parametrize(
    ("aws", "ours"),
    [
        ("ThrottlingException", "THROTTLED"),
        ("ServiceUnavailable", "UPSTREAM_UNAVAILABLE"),
        ("InternalFailure", "UPSTREAM_UNAVAILABLE"),
        ("AccessDeniedException", "INTERNAL"),
        ("ExpiredTokenException", "INTERNAL"),
        ("UnrecognizedClientException", "INTERNAL"),
    ],
)
@pytest.mark.parametrize("operation", [DESCRIBE, LIST])
async def test_each_failure_has_its_code_and_is_not_remembered(
    gateway: Running, standin: Standin, calls: Calls, operation: str, aws: str, ours: str
) -> None:
    standin.switches.fail_next = [FailNext(operation, aws)]
    failed = await gateway.ask(QUERY)
    assert failed.codes == [ours]
    assert failed.body["data"] == {"tuningJob": None}
    assert aws not in json.dumps(failed.body)
    assert calls()[operation] == 1  # one attempt: retrying is not the SDK's affair
    assert (await gateway.ask(QUERY)).data["tuningJob"]["name"] == "vision-a"


async def test_a_throttled_caller_is_told_when_to_come_back(gateway: Running, standin: Standin) -> None:
    standin.switches.fail_next = [FailNext(DESCRIBE, "ThrottlingException")]
    (error,) = (await gateway.ask(QUERY)).body["errors"]
    assert error["extensions"] == {"code": "THROTTLED", "retryAfterMs": 1000}
    assert error["path"] == ["tuningJob"]


async def test_a_connection_that_is_cut_is_unavailable(gateway: Running, standin: Standin) -> None:
    standin.switches.reset_next = {DESCRIBE: 1}
    assert (await gateway.ask(QUERY)).codes == ["UPSTREAM_UNAVAILABLE"]


async def test_an_answer_that_does_not_come_is_a_timeout(start: Start, standin: Standin, gateway: Running) -> None:
    endpoint = gateway.configuration.sagemaker.endpoint_url
    hasty = await start(
        sagemaker=SageMakerOptions(
            read_timeout=0.2, endpoint_url=endpoint, access_key="AKIA111122223333", secret_key="x"
        )
    )
    standin.switches.latency = 5
    assert (await hasty.ask(QUERY)).codes == ["UPSTREAM_TIMEOUT"]


async def test_an_endpoint_that_nobody_listens_on_is_unavailable(start: Start) -> None:
    options = SageMakerOptions(endpoint_url="http://127.0.0.1:9", access_key="AKIA111122223333", secret_key="x")
    assert (await (await start(sagemaker=options)).ask(QUERY)).codes == ["UPSTREAM_UNAVAILABLE"]


async def test_a_list_of_jobs_survives_a_detail_that_fails(gateway: Running, standin: Standin) -> None:
    standin.switches.fail_next = [FailNext(DESCRIBE, "ThrottlingException")]
    answer = await gateway.ask("{ tuningJobs { nodes { name objective { metricName } } } }")
    assert answer.codes == ["THROTTLED"]
    assert answer.body["data"]["tuningJobs"]["nodes"] == [{"name": "vision-a", "objective": None}]
