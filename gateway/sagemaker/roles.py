"""Roles: a session whose credentials come from AssumeRole, and are renewed before they expire.

They are kept by the session itself: credentials in a cache of ours would outlive their expiry one day.
"""

from functools import partial

from aiobotocore.config import AioConfig
from aiobotocore.credentials import AioAssumeRoleCredentialFetcher, AioDeferredRefreshableCredentials
from aiobotocore.session import AioSession
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import NoCredentialsError

from gateway.model.target import Role


def assume(session: AioSession, role: Role, *, own: AioSession, region: str, endpoint_url: str | None) -> None:
    """Let a session act as a role that the `own` session may assume. AWS is asked when the first call is made."""
    named = {"RoleSessionName": role.session_name}
    fetcher = AioAssumeRoleCredentialFetcher(
        client_creator=partial(
            own.create_client,
            region_name=region,
            endpoint_url=endpoint_url,
            config=AioConfig(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 2, "mode": "standard"}),
        ),
        source_credentials=_CredentialsOf(own),
        role_arn=role.arn,
        extra_args=named if role.external_id is None else named | {"ExternalId": role.external_id},
    )
    # The SDK has no public way to hand a session credentials that renew themselves; its own providers set this.
    session._credentials = AioDeferredRefreshableCredentials(  # noqa: SLF001
        refresh_using=fetcher.fetch_credentials, method="assume-role"
    )


class _CredentialsOf:
    """The credentials of a session, looked for when they are needed."""

    def __init__(self, session: AioSession) -> None:
        self._session = session

    async def get_frozen_credentials(self) -> ReadOnlyCredentials:
        credentials = await self._session.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        frozen: ReadOnlyCredentials = await credentials.get_frozen_credentials()
        return frozen
