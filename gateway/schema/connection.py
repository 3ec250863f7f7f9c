"""Relay connections over slices of a listing."""

from datetime import datetime
from typing import Any, Generic, TypeVar

import strawberry

from gateway.schema.context import Info
from gateway.schema.plain import resolver_giving
from gateway.tuning import Slice

NodeT = TypeVar("NodeT")
SliceT = TypeVar("SliceT", bound=Slice[Any])


def given(info: Info, found: SliceT) -> SliceT:
    """A slice as it is given to the caller: what kept it from being longer stands among the errors."""
    if found.interrupted is not None:
        info.context.interrupted(info.path.as_list(), found.interrupted)
    return found


@strawberry.type(description="Where a connection's slice lies in its listing.")
class PageInfo:
    """Read off a Slice."""

    has_next_page: bool = strawberry.field(
        description="Whether more follows: false only when surely nothing does. What follows may prove empty."
    )
    has_previous_page: bool = strawberry.field(
        description="Whether more lies before: false only when surely nothing does."
    )
    start_cursor: str | None = strawberry.field(
        description="What to pass as `before` to go back; "
        "there whenever `hasPreviousPage` is true, even when this page is empty."
    )
    end_cursor: str | None = strawberry.field(
        description="What to pass as `after` to go on; "
        "there whenever `hasNextPage` is true, even when this page is empty."
    )


@strawberry.type(description="A node, and where it stands in its listing.")
class Edge(Generic[NodeT]):
    """Read off an Edge of a Slice."""

    cursor: str = strawberry.field(
        description="Opaque; as `after` it goes on behind this node, as `before` back from it."
    )
    node: NodeT = strawberry.field(description="What the edge leads to.")


@strawberry.type(description="Some consecutive nodes of a listing.")
class Connection(Generic[NodeT]):
    """Read off a Slice."""

    edges: list[Edge[NodeT]] = strawberry.field(description="The nodes with their cursors.")
    nodes: list[NodeT] = strawberry.field(description="The nodes alone.")
    total_count: int | None = strawberry.field(
        description="How many there are in all, where AWS tells it free and exact; else null."
    )
    as_of: datetime = strawberry.field(description="When AWS was asked for the oldest part of this slice.")
    stale: bool = strawberry.field(
        description="Whether the slice has outlived its time because AWS could not be asked again."
    )

    @resolver_giving(PageInfo)
    @staticmethod
    def page_info(root: object) -> object:
        """Where the slice lies in its listing."""
        return root
