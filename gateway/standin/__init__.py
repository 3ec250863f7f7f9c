"""A local SageMaker over HTTP, and the STS to get at its accounts, both driven by botocore's own service models.

It knows no other room of the gateway; the two meet over HTTP only. The rooms inside, in the order a call meets them:

server      the HTTP door: who calls, which operation, what goes wrong on purpose, bytes out
aws_json    the language SageMaker speaks, `aws_query` the one STS speaks
scope       whom a request's credentials speak for: an account in a region
calls       the counted and ordered memory of the calls that came in
sessions    the temporary credentials that were issued, and whether they still hold; `sts` issues them (AssumeRole)
switches    what can be made to go wrong, and `mischief`, which does it; `rates` throttles; `admin` turns them over HTTP
service     one operation of botocore's model: `validate` checks what comes in, `dump` what goes out
operations  the table from an operation's name to the function that answers it, which is given one call as `asked`
search      Search: expressions, comparisons, properties and records; `tagging` lists, adds and deletes tags
stopping    what stops jobs; `creating` takes a new tuning job, whose `configuration` becomes a plan, as long as the
            search has not had `enough`
listing     sort, cut, filter: one page of a list; `paging` mints and opens the tokens between pages
describe    AWS's long answers, `summaries` its short ones; `definitions` and `words` are the parts they share
lifecycle   what a plan looks like at a moment, and after which `stops`: status, counters, best job; `phases`, the
            secondary statuses. Pure
plan        what will happen to a tuning job, decided in advance and frozen
worlds      places full of plans: `demo`, `empty`, and the builder tests use; and the tags that changed since
failures    the texts in which AWS refuses
"""

from gateway.standin.calls import Call, CallLog
from gateway.standin.plan import (
    CategoricalRange,
    ContinuousRange,
    DefinitionPlan,
    IntegerRange,
    Objective,
    TrialPlan,
    TuningJobPlan,
    WarmStart,
)
from gateway.standin.server import Standin
from gateway.standin.service import ServiceShapes
from gateway.standin.switches import AWS_RATES, FailNext, Rate, Switches
from gateway.standin.worlds import world_named
from gateway.standin.worlds.builder import tuning_job_plan
from gateway.standin.worlds.world import World

__all__ = [
    "AWS_RATES",
    "Call",
    "CallLog",
    "CategoricalRange",
    "ContinuousRange",
    "DefinitionPlan",
    "FailNext",
    "IntegerRange",
    "Objective",
    "Rate",
    "ServiceShapes",
    "Standin",
    "Switches",
    "TrialPlan",
    "TuningJobPlan",
    "WarmStart",
    "World",
    "tuning_job_plan",
    "world_named",
]
