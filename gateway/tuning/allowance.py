"""Which plans may be carried out: those whose estimate is within what one operation may cause. A plan that comes again
remembers its estimates.
"""

from gateway.errors import CostLimitExceeded
from gateway.teams import Scope
from gateway.tuning.bounds import Bounds
from gateway.tuning.costs import estimate
from gateway.tuning.plans import Plan

_MOST_ESTIMATES = 64  # of one plan: as many scopes ask for it


def begun(plan: Plan, scope: Scope, bounds: Bounds, limit: int) -> int:
    """The estimate of what is read before anything is told. Raises CostLimitExceeded where that, with the least
    that can be told, costs too much.
    """
    calls = estimate(plan.beginning, scope, bounds)
    admitted(Plan(plan.asked, plan.details, calls), scope, bounds, limit)
    return calls


def admitted(plan: Plan, scope: Scope, bounds: Bounds, limit: int) -> int:
    """The estimate of a plan that may be carried out. Raises CostLimitExceeded for one that costs too much."""
    known, within = plan.estimates, (scope, bounds)
    calls = known.get(within)
    if calls is None:
        if len(known) >= _MOST_ESTIMATES:
            known.clear()
        calls = known[within] = estimate(plan, scope, bounds)
    if calls > limit:
        raise CostLimitExceeded(
            f"This operation may cause {calls} AWS calls, and {limit} are allowed. Ask for fewer jobs at once, "
            "for less of each (details, and what a list does not carry, cost a call for every job), or without a "
            "filter for which many pages may have to be walked.",
            estimated_calls=calls,
            limit=limit,
        )
    return calls
