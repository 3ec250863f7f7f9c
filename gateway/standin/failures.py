"""The texts and codes in which AWS refuses a call.

One class, and a function per refusal. No HTTP here: `server` writes a refusal out.
"""

MODELLED = frozenset({"ConflictException", "ResourceInUse", "ResourceLimitExceeded", "ResourceNotFound"})
"""SageMaker's own exceptions, which say `Message`; AWS's common ones, absent from the model, say `message`."""


class RefusedError(Exception):
    """A call AWS answers with HTTP 400 (500 for its own failures), an error code and a text."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    @property
    def status(self) -> int:
        """The HTTP status. Clients retry a 500, never a 400 that is not a throttle."""
        return {"InternalFailure": 500, "InternalServerError": 500, "ServiceUnavailable": 503}.get(self.code, 400)

    def body(self) -> dict[str, str]:
        """The JSON document AWS sends."""
        return {"__type": self.code, "Message" if self.code in MODELLED else "message": self.message}


def unknown_operation(name: str) -> RefusedError:
    """The operation is not served here. AWS says no more than the code; the text helps who works with the stand-in."""
    return RefusedError("UnknownOperationException", f"The stand-in does not serve the operation '{name}'.")


def unknown_action(action: str, version: str) -> RefusedError:
    """STS does not serve the action, or not here."""
    return RefusedError("InvalidAction", f"Could not find operation {action} for version {version}")


def missing_token() -> RefusedError:
    """The request is not signed at all."""
    return RefusedError("MissingAuthenticationTokenException", "Missing Authentication Token")


def incomplete_signature(header: str) -> RefusedError:
    """The Authorization header names no credential scope."""
    return RefusedError(
        "IncompleteSignatureException", f"Authorization header requires 'Credential' parameter. {header}"
    )


def invalid_token() -> RefusedError:
    """The access key came from AssumeRole, and the session token that goes with it did not come along."""
    return on_demand("UnrecognizedClientException")


def expired_token() -> RefusedError:
    """The credentials came from AssumeRole and their time is over."""
    return on_demand("ExpiredTokenException")


def unreadable(message: str) -> RefusedError:
    """The body is no JSON, or a value is of the wrong type: AWS notices before it validates anything."""
    return RefusedError("SerializationException", message)


def invalid(problems: list[str]) -> RefusedError:
    """One or more members break a constraint of the model."""
    count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected"
    return RefusedError("ValidationException", f"{count}: {'; '.join(problems)}")


def no_tuning_job(name: str) -> RefusedError:
    """There is no such tuning job; the modelled dialect of not found."""
    return RefusedError(
        "ResourceNotFound", f"Amazon SageMaker can't find a tuning job called {name}. Type another name."
    )


def no_training_job() -> RefusedError:
    """There is no such training job: SageMaker calls that a validation error, whatever the model says."""
    return RefusedError("ValidationException", "Requested resource not found.")


def tuning_job_over(status: str) -> RefusedError:
    """A finished tuning job cannot be stopped. The text is that of training jobs; only the code is relied upon."""
    return RefusedError(
        "ValidationException", f"The request was rejected because the hyperparameter tuning job is in status {status}."
    )


def training_job_over(status: str) -> RefusedError:
    """A finished training job cannot be stopped."""
    return RefusedError(
        "ValidationException", f"The request was rejected because the training job is in status {status}."
    )


def name_in_use(name: str) -> RefusedError:
    """There is a tuning job of that name, whatever its case."""
    return RefusedError(
        "ResourceInUse",
        f"A hyperparameter tuning job with the name, {name}, already exists. Choose a different name.",
    )


def over_quota(quota: str, unit: str, *, most: int, used: int, more: int) -> RefusedError:
    """The account may not have that many."""
    return RefusedError(
        "ResourceLimitExceeded",
        f"The account-level service limit '{quota}' is {most} {unit}, with current utilization of {used} {unit} and a "
        f"request delta of {more} {unit}. Please contact AWS support to request an increase for this limit.",
    )


def no_metric() -> RefusedError:
    """The objective is missing, or is none of the metrics the algorithm is said to emit."""
    return RefusedError(
        "ValidationException",
        "A metric is required for this hyperparameter tuning job objective. "
        "Provide a metric in the metric definitions.",
    )


def too_few_combinations(combinations: int, wanted: int) -> RefusedError:
    """The ranges hold fewer points than training jobs are asked for."""
    return RefusedError(
        "ValidationException",
        "You don't have enough combinations of hyperparameter ranges. The total number of hyperparameter combinations "
        f"for the provided ranges [{float(combinations)}] must be equal or greater than the value of MaxNumberOfJobs, "
        f"[{wanted}]. Provide additional ranges.",
    )


def bad_configuration(message: str) -> RefusedError:
    """The model allows the tuning job and SageMaker does not. The texts are guesses; only the code is relied upon."""
    return RefusedError("ValidationException", message)


def no_such_arn(arn: str) -> RefusedError:
    """There is nothing to list tags of. The text is a guess in AWS's manner; only the code is relied upon."""
    return RefusedError("ValidationException", f"Requested resource {arn} not found.")


def reserved_tags() -> RefusedError:
    """The keys that begin with aws: are AWS's own."""
    return RefusedError("ValidationException", "aws: prefixed tag key names are not allowed for external use.")


def too_many_tags(most: int) -> RefusedError:
    """A resource would have more tags than it may. The code and the text are guesses."""
    return RefusedError("ValidationException", f"A resource can have no more than {most} tags.")


def not_searchable(resource: str) -> RefusedError:
    """Search knows the resource in AWS, but not here."""
    return RefusedError("ValidationException", f"The stand-in does not search the resource '{resource}'.")


def bad_search(message: str) -> RefusedError:
    """The model allows the search and SageMaker does not. Of its texts, only that about CONTAINS is documented."""
    return RefusedError("ValidationException", message)


def bad_token() -> RefusedError:
    """The token is forged, expired or from another call; AWS leaves the braces in its text and does not say which."""
    return RefusedError("ValidationException", 'Invalid pagination token because "{0}".')


def no_such_role() -> RefusedError:
    """What should be assumed is not the ARN of a role."""
    return RefusedError("ValidationException", "Request ARN is invalid")


def not_assumable(account: str, role: str) -> RefusedError:
    """There is no such role, or its external id is another: AWS does not say which."""
    return RefusedError(
        "AccessDeniedException",
        f"User: arn:aws:iam::{account}:user/caller is not authorized to perform: sts:AssumeRole on resource: {role}",
    )


def throttled() -> RefusedError:
    """Too many calls."""
    return RefusedError("ThrottlingException", "Rate exceeded")


def internal_failure() -> RefusedError:
    """A fault of the stand-in itself."""
    return RefusedError("InternalFailure", "The request processing has failed because of an unknown error.")


def on_demand(code: str) -> RefusedError:
    """The error a test asked for, with a text AWS could have sent."""
    texts = {
        "ThrottlingException": "Rate exceeded",
        "AccessDeniedException": "User is not authorized to perform this action.",
        "ExpiredTokenException": "The security token included in the request is expired",
        "UnrecognizedClientException": "The security token included in the request is invalid.",
        "InternalFailure": "The request processing has failed because of an unknown error.",
        "ServiceUnavailable": "The request has failed due to a temporary failure of the server.",
    }
    return RefusedError(code, texts.get(code, f"{code} was asked for."))
