"""Where jobs live, and how they are reached. Tuples: both are part of whatever is remembered under."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple


class Target(NamedTuple):
    """An AWS account and region: one namespace of job names, one budget of calls."""

    account: str
    """Twelve digits."""
    region: str

    @staticmethod
    @lru_cache(4_096)  # the jobs that are being looked at; each is asked about several times a request
    def of_arn(arn: str) -> "Target":
        """The target an ARN names (arn:partition:service:region:account:resource)."""
        _, _, _, region, account, _ = arn.split(":", 5)
        return Target(account, region)

    def has(self, arn: str) -> bool:
        """Whether it is the target that an ARN names: the same, of ARNs that nobody may ask about again."""
        return arn.split(":", 5)[3:5] == [self.region, self.account]

    def tuning_job_arn(self, name: str) -> str:
        """The ARN of the tuning job of this name, whether there is one or not. AWS writes names small in ARNs."""
        partitions = {"cn": "aws-cn", "us-gov": "aws-us-gov", "eusc-de": "aws-eusc"}
        partition = partitions.get(self.region.rsplit("-", 2)[0], "aws")
        return f"arn:{partition}:sagemaker:{self.region}:{self.account}:hyper-parameter-tuning-job/{name.lower()}"


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role the gateway assumes to reach a target."""

    arn: str
    external_id: str | None = field(default=None, repr=False)
    session_name: str = field(default="tuning-gateway", compare=False, repr=False)
    """What CloudTrail shows. Two teams with one role share its session, and what was read through it."""


class Access(NamedTuple):
    """A target as seen with certain credentials: what was read through one access is not shown through another."""

    target: Target
    role: Role | None = None
    """None: the gateway's own credentials."""
