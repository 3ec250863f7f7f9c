"""AssumeRole: credentials of another account, for whoever may have them.

Policies, session tags and MFA are read by the model and change nothing.
"""

import re
from base64 import b32encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from gateway.standin.failures import no_such_role, not_assumable
from gateway.standin.scope import Caller
from gateway.standin.sessions import Sessions
from gateway.standin.words import Words

HOUR = 3_600  # "by default, the value is set to 3600 seconds"

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):role/(?:[!-~]+/)?([\w+=,.@-]{1,64})", re.ASCII)


def assume_role(
    arguments: Mapping[str, Any], caller: Caller, roles: Mapping[str, str | None], sessions: Sessions
) -> Words:
    """AssumeRole. `roles` are those that can be assumed, with their external ids; if there are none, any can be."""
    arn, session = arguments["RoleArn"], arguments["RoleSessionName"]
    role = _ROLE.fullmatch(arn)
    if role is None:
        raise no_such_role()
    if roles and (arn not in roles or roles[arn] not in (None, arguments.get("ExternalId"))):
        raise not_assumable(caller.scope.account, arn)
    account, name = role.groups()
    issued = sessions.issue(account, arguments.get("DurationSeconds") or HOUR)
    return {
        "Credentials": {
            "AccessKeyId": issued.access_key,
            "SecretAccessKey": issued.secret_key,
            "SessionToken": issued.session_token,
            "Expiration": issued.ends,
        },
        "AssumedRoleUser": {
            "AssumedRoleId": f"AROA{b32encode(sha256(arn.encode()).digest()).decode()[:17]}:{session}",
            "Arn": f"{arn.split(':iam:')[0]}:sts::{account}:assumed-role/{name}/{session}",
        },
    }
