"""The tags that were changed after their plans were made, with the time of each change.

The plans are frozen and keep the tags they were born with; here is what was put on top. Knows ARNs and times, no jobs.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TagChange:
    """At a moment, in epoch seconds, some tags are put on a resource, others dropped from it."""

    when: float
    put: Mapping[str, str]
    drop: frozenset[str]


class TagHistory:
    """All changes, per resource."""

    def __init__(self) -> None:
        self._changes: dict[str, list[TagChange]] = {}

    def note(self, arn: str, change: TagChange) -> None:
        """A change has been made."""
        self._changes.setdefault(arn, []).append(change)

    def tags_at(self, arn: str, born_with: Mapping[str, str], moment: float) -> Mapping[str, str]:
        """The tags of a resource at a moment."""
        changes = self._changes.get(arn)
        if changes is None:
            return born_with
        tags = dict(born_with)
        for change in changes:
            if change.when <= moment:
                tags = {key: value for key, value in tags.items() if key not in change.drop} | dict(change.put)
        return tags
