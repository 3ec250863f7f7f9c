"""One call as an operation gets it: validated, with what the caller sees and how the answer is paged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.standin.listing import Pager
from gateway.standin.service import ServiceShapes
from gateway.standin.words import Words
from gateway.standin.worlds.sight import Sight


@dataclass(frozen=True, slots=True)
class Asked:
    """One call. `sight` is the caller's account in its region now, `index` the same as Search has caught up with it."""

    arguments: Mapping[str, Any]
    sight: Sight
    index: Sight
    pager: Pager
    shapes: ServiceShapes


Operation = Callable[[Asked], Words]
