"""Where jobs live."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """An AWS account and region: one namespace of job names, one budget of calls."""

    account: str
    """Twelve digits."""
    region: str

    @classmethod
    def of_arn(cls, arn: str) -> "Target":
        """The target an ARN names (arn:partition:service:region:account:resource)."""
        _, _, _, region, account, _ = arn.split(":", 5)
        return cls(account, region)
