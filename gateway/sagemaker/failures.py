"""One table from AWS's error codes to our errors. Nothing of AWS's own text is kept: it may name roles and resources.

AWS models few of its errors (`ThrottlingException` and `ValidationException` are not), so the codes are told apart by
their text.
"""

import json
from collections.abc import Callable

from aiohttp import ClientError as HttpClientError
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ReadTimeoutError,
)
from botocore.exceptions import ConnectionError as SdkConnectionError
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

# AWS gives no hint when to come back; its list budget refills twice a second.
_RETRY_AFTER_MS = 1_000


def _throttled(operation: str) -> GatewayError:
    return Throttled(f"SageMaker takes no more {operation} calls for now.", retry_after_ms=_RETRY_AFTER_MS)


def _unavailable(operation: str) -> GatewayError:
    return UpstreamUnavailable(f"SageMaker could not answer {operation}.")


def _timed_out(operation: str) -> GatewayError:
    return UpstreamTimeout(f"SageMaker did not answer {operation} in time.")


def _absent(operation: str) -> GatewayError:
    return NotFound(f"{operation} found nothing of that name.")


def _denied(operation: str) -> GatewayError:
    return OperatorError(f"the gateway's AWS credentials do not allow {operation}")


def _bad_credentials(operation: str) -> GatewayError:
    return OperatorError(f"the gateway's AWS credentials were not accepted for {operation}")


_BY_CODE: dict[str, Callable[[str], GatewayError]] = {
    "ThrottlingException": _throttled,
    "Throttling": _throttled,
    "TooManyRequestsException": _throttled,
    "RequestLimitExceeded": _throttled,
    "RequestThrottled": _throttled,
    "ThrottledException": _throttled,
    "SlowDown": _throttled,
    "ResourceNotFound": _absent,
    "AccessDeniedException": _denied,
    "AccessDenied": _denied,
    "UnauthorizedOperation": _denied,
    "OptInRequired": _denied,
    "ExpiredTokenException": _bad_credentials,
    "ExpiredToken": _bad_credentials,
    "UnrecognizedClientException": _bad_credentials,
    "InvalidClientTokenId": _bad_credentials,
    "InvalidSignatureException": _bad_credentials,
    "SignatureDoesNotMatch": _bad_credentials,
    "MissingAuthenticationTokenException": _bad_credentials,
    "IncompleteSignature": _bad_credentials,
    "IncompleteSignatureException": _bad_credentials,
    "RequestExpired": _bad_credentials,
    "ServiceUnavailable": _unavailable,
    "InternalFailure": _unavailable,
    "InternalServerError": _unavailable,
    "RequestTimeout": _timed_out,
    "RequestTimeoutException": _timed_out,
}
# What the SDK's parser and our decoding make of answers that are none: of JSON that is no object the parser asks for
# its members, and of one in ten thousand lists it never finds the end.
_UNREADABLE = (
    *(ResponseParserError, json.JSONDecodeError, UnicodeDecodeError),
    *(KeyError, TypeError, ValueError, AttributeError, RecursionError),
)
_STOPS = frozenset({"StopHyperParameterTuningJob", "StopTrainingJob"})
_TOO_MANY_REQUESTS = 429
_SERVER_FAULT = 500


def translated(error: Exception, operation: str, *, with_token: bool) -> GatewayError | None:
    """Our error for one the SDK raised, or None for one that no table foresees: that is a bug, and stays as it is."""
    if isinstance(error, ClientError):
        return _of_code(error, operation, with_token=with_token)
    if isinstance(error, (ConnectTimeoutError, ReadTimeoutError, TimeoutError)):
        return _timed_out(operation)
    if isinstance(error, (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError)):
        return _bad_credentials(operation)
    unreachable = (SdkConnectionError, HTTPClientError, HttpClientError, OSError)
    if isinstance(error, (*unreachable, *_UNREADABLE)):
        return _unavailable(operation)
    if isinstance(error, BotoCoreError):
        return OperatorError(f"the AWS SDK could not send {operation}: {type(error).__name__}")
    return None


def _of_code(error: ClientError, operation: str, *, with_token: bool) -> GatewayError | None:
    code = error.response["Error"].get("Code", "")
    if code in _BY_CODE:
        return _BY_CODE[code](operation)
    if code == "ValidationException":
        return _invalid(error, operation, with_token=with_token)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status == _TOO_MANY_REQUESTS:
        return _throttled(operation)
    return _unavailable(operation) if status >= _SERVER_FAULT else None


def _invalid(error: ClientError, operation: str, *, with_token: bool) -> GatewayError | None:
    """A ValidationException is four things: an absent training job, a stop that comes too late, a token that died, or
    a bug of ours.
    """
    # ListTags is only ever asked about ARNs that are right in form: what is wrong with one is that nothing has it.
    if operation == "ListTags":
        return _absent(operation)
    # The model promises ResourceNotFound for training jobs; AWS says this instead.
    if "Requested resource not found" in error.response["Error"].get("Message", ""):
        return _absent(operation)
    # Its text differs from kind to kind; whether the job has ended is for its status to say.
    if operation in _STOPS:
        return StopRefused(f"{operation} was refused.")
    return TokenRefused(f"{operation} no longer takes this page token.") if with_token else None
