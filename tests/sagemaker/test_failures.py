"""The table from AWS's errors to ours, row by row; and that nothing of AWS's own text comes through it."""

import json
import socket

import aiohttp
import botocore.session
import pytest
from botocore import exceptions as sdk
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from gateway.errors import (
    GatewayError,
    NotFound,
    OperatorError,
    StopRefused,
    Throttled,
    TokenRefused,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from gateway.sagemaker.failures import translated

TEXT = "User: arn:aws:sts::111122223333:assumed-role/tuning-gateway/s3cret-session"
OPERATION = "DescribeTrainingJob"


def refused(code: str, message: str = TEXT, status: int = 400) -> ClientError:
    """What the SDK raises when AWS answers with an error."""
    return ClientError(
        {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {
                "HTTPStatusCode": status,
                "RequestId": "a-request",
                "HostId": "",
                "HTTPHeaders": {},
                "RetryAttempts": 0,
            },
        },
        OPERATION,
    )


def of(error: Exception, *, with_token: bool = False) -> GatewayError | None:
    return translated(error, OPERATION, with_token=with_token)


CODES = {
    Throttled: ["ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"],
    NotFound: ["ResourceNotFound"],
    OperatorError: [
        "AccessDeniedException",
        "AccessDenied",
        "UnauthorizedOperation",
        "OptInRequired",
        "ExpiredTokenException",
        "ExpiredToken",
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "MissingAuthenticationTokenException",
        "IncompleteSignature",
        "RequestExpired",
    ],
    UpstreamUnavailable: ["ServiceUnavailable", "InternalFailure", "InternalServerError"],
    UpstreamTimeout: ["RequestTimeout", "RequestTimeoutException"],
}
ROWS = [(code, ours) for ours, codes in CODES.items() for code in codes]

CONNECTIONS: list[tuple[Exception, type[GatewayError]]] = [
    (sdk.ConnectTimeoutError(endpoint_url=TEXT), UpstreamTimeout),
    (sdk.ReadTimeoutError(endpoint_url=TEXT), UpstreamTimeout),
    (TimeoutError(TEXT), UpstreamTimeout),
    (sdk.EndpointConnectionError(endpoint_url=TEXT), UpstreamUnavailable),
    (sdk.ConnectionClosedError(endpoint_url=TEXT), UpstreamUnavailable),
    (sdk.ProxyConnectionError(proxy_url=TEXT), UpstreamUnavailable),
    (sdk.SSLError(endpoint_url=TEXT, error=OSError(TEXT)), UpstreamUnavailable),
    (sdk.HTTPClientError(error=TEXT), UpstreamUnavailable),
    (aiohttp.ServerDisconnectedError(TEXT), UpstreamUnavailable),
    (aiohttp.ClientPayloadError(TEXT), UpstreamUnavailable),
    (socket.gaierror(-2, TEXT), UpstreamUnavailable),
    (ConnectionResetError(104, TEXT), UpstreamUnavailable),
    (ResponseParserError(TEXT), UpstreamUnavailable),
    (json.JSONDecodeError(TEXT, TEXT, 0), UpstreamUnavailable),
    (UnicodeDecodeError("utf-8", TEXT.encode(), 0, 1, TEXT), UpstreamUnavailable),
    (KeyError(TEXT), UpstreamUnavailable),
    (TypeError(TEXT), UpstreamUnavailable),
    (ValueError(TEXT), UpstreamUnavailable),
    (sdk.NoCredentialsError(), OperatorError),
    (sdk.PartialCredentialsError(provider=TEXT, cred_var=TEXT), OperatorError),
    (sdk.CredentialRetrievalError(provider=TEXT, error_msg=TEXT), OperatorError),
    (sdk.ParamValidationError(report=TEXT), OperatorError),
    (sdk.NoRegionError(), OperatorError),
]
EVERYTHING = [
    *[refused(code) for code, _ in ROWS],
    refused("FromTheFuture", status=500),
    refused("ValidationException", f"Requested resource not found. {TEXT}"),
    refused("ValidationException"),
    *[error for error, _ in CONNECTIONS],
]


@pytest.mark.parametrize(("code", "ours"), ROWS)
@pytest.mark.parametrize("with_token", [False, True])
def test_a_code_means_the_same_with_and_without_a_token(code: str, ours: type[GatewayError], with_token: bool) -> None:
    assert type(of(refused(code), with_token=with_token)) is ours


@pytest.mark.parametrize(("error", "ours"), CONNECTIONS, ids=lambda value: getattr(value, "__name__", None))
def test_what_happens_on_the_way_to_aws_has_its_row(error: Exception, ours: type[GatewayError]) -> None:
    assert type(of(error)) is ours
    assert type(of(error, with_token=True)) is ours


@pytest.mark.parametrize("with_token", [False, True])
def test_not_found_is_told_in_two_dialects(with_token: bool) -> None:
    modelled = refused("ResourceNotFound", "Amazon SageMaker can't find a tuning job called churn. Type another name.")
    unmodelled = refused("ValidationException", "Requested resource not found.")
    for error in (modelled, unmodelled):
        assert type(of(error, with_token=with_token)) is NotFound


def test_the_model_still_has_the_code_of_not_found() -> None:
    model = botocore.session.get_session().get_service_model("sagemaker").operation_model(OPERATION)
    assert [shape.name for shape in model.error_shapes] == ["ResourceNotFound"]


def test_another_invalid_call_is_a_dead_token_where_there_was_one_and_else_a_bug() -> None:
    error = refused("ValidationException", "The token is not valid.")
    assert type(of(error, with_token=True)) is TokenRefused
    assert of(error) is None


@pytest.mark.parametrize("operation", ["StopHyperParameterTuningJob", "StopTrainingJob"])
def test_a_stop_that_is_invalid_comes_too_late_unless_there_is_no_such_job(operation: str) -> None:
    late = "The request was rejected because the training job is in status Stopped."
    assert type(translated(refused("ValidationException", late), operation, with_token=False)) is StopRefused
    absent = refused("ValidationException", "Requested resource not found.")
    assert type(translated(absent, operation, with_token=False)) is NotFound


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("code", ["FromTheFuture", "", "503"])
def test_a_code_not_known_is_aws_being_out_of_order_when_the_status_says_so(code: str, status: int) -> None:
    assert type(of(refused(code, status=status))) is UpstreamUnavailable


@pytest.mark.parametrize("status", [400, 404, 499])
@pytest.mark.parametrize("with_token", [False, True])
def test_a_code_not_known_is_a_bug_otherwise_and_stays_as_it_is(status: int, with_token: bool) -> None:
    assert of(refused("FromTheFuture", status=status), with_token=with_token) is None


def test_an_error_without_code_or_status_is_a_bug() -> None:
    assert of(ClientError({"Error": {}}, OPERATION)) is None


@pytest.mark.parametrize("error", [RuntimeError("a bug"), ZeroDivisionError(), AssertionError(), Exception()])
def test_what_no_table_foresees_stays_as_it_is(error: Exception) -> None:
    assert of(error) is None


def test_a_throttled_caller_is_told_when_to_come_back() -> None:
    error = of(refused("ThrottlingException", "Rate exceeded"))
    assert isinstance(error, Throttled)
    assert error.retry_after_ms == 1000


@pytest.mark.parametrize("raised", EVERYTHING)
def test_nothing_of_awss_own_text_comes_through(raised: Exception) -> None:
    error = of(raised, with_token=True)
    assert error is not None
    kept = f"{error} {error!r} {error.args} {vars(error)}"
    for word in ("arn:", "111122223333", "s3cret", "User:"):
        assert word not in kept
    assert error.__cause__ is None


@pytest.mark.parametrize("raised", EVERYTHING)
def test_every_failure_names_the_operation_that_failed(raised: Exception) -> None:
    assert OPERATION in str(of(raised, with_token=True))
