"""What an operation asks for, as a plan in the use cases' words. Which field reads what is known here and in the
resolvers, whose fields these are; what a read costs is not.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from strawberry.utils.str_converters import to_camel_case

from gateway.model.details import TrainingJobDetails
from gateway.model.documentation import plain_fields
from gateway.model.listing import SortOrder, TrainingJobSortBy, TuningJobListing, TuningJobSortBy
from gateway.model.tuning_job import DescribedTuningJob, TuningJob
from gateway.schema.node import job_id
from gateway.schema.requested import Requested, everywhere
from gateway.tuning import plans
from gateway.tuning.arguments import Cut, cut

_ONLY_DESCRIBED = frozenset(
    map(to_camel_case, plain_fields(DescribedTuningJob).keys() - plain_fields(TuningJob).keys())
)
_DETAILS = {to_camel_case(name): name for name in plain_fields(TrainingJobDetails)}

OfATeam = plans.NamedTuningJob | plans.TuningJobs


def plan_of(fields: Sequence[Requested]) -> plans.Plan:
    """The plan of an operation's fields."""
    asked = [each for field in fields if field.arguments is not None for each in _asked(field, field.arguments)]
    details = [_DETAILS[field.name] for field in everywhere(fields) if field.of == TrainingJobDetails.__name__]
    return plans.Plan(tuple(asked), frozenset(details))


def _asked(field: Requested, given: Mapping[str, Any]) -> tuple[plans.Asked, ...]:  # noqa: PLR0911  # one for each door
    match field.name:
        case "viewer":
            return tuple(plans.OfEachTeam(_of_team(teams.inner)) for teams in field.inner if teams.name == "teams")
        case "node":
            return _nodes([given["id"]], field)
        case "nodes":
            return _nodes(given["ids"], field)
        case "team":
            return (plans.OfTeam(given["name"], _of_team(field.inner)),)
        case "tuningJob" if field.of == "Subscription":
            return (plans.Told(given.get("team"), given["name"], _of_tuning_job(field.inner)),)
        case "trainingJobsChanged":
            return (plans.Told(given.get("team"), given["tuningJob"], each=_of_training_job(field.inner)),)
        case "tuningJob" | "tuningJobs":
            return (plans.OfTeam(given.get("team"), _of_team([field])),)
        case "stopTuningJob" | "stopTrainingJob":
            return (_stop(field, given["input"]),)
    return ()


def _stop(field: Requested, named: Mapping[str, Any]) -> plans.StopTuningJob | plans.StopTrainingJob:
    if field.name == "stopTuningJob":
        return plans.StopTuningJob(named.get("team"), named["name"], _of_tuning_job(_job_fields(field, "tuningJob")))
    wanted = _of_training_job(_job_fields(field, "trainingJob"))
    return plans.StopTrainingJob(named.get("team"), named["tuningJob"], named["name"], wanted)


def _job_fields(payload: Requested, name: str) -> list[Requested]:
    """What is asked of the job in a payload."""
    return [inner for field in payload.inner if field.name == name for inner in field.inner]


def _nodes(ids: Iterable[str], field: Requested) -> tuple[plans.Asked, ...]:
    found: list[plans.TuningJobAt | plans.TrainingJobAt] = []
    for named in filter(None, map(job_id, ids)):
        if named.training_job_name is None:
            found.append(plans.TuningJobAt(named.target, named.tuning_job_name, _of_tuning_job(field.inner)))
        else:
            wanted = _of_training_job(field.inner)
            found.append(plans.TrainingJobAt(named.target, named.tuning_job_name, named.training_job_name, wanted))
    return tuple(found)


def _of_team(fields: Iterable[Requested]) -> tuple[OfATeam, ...]:
    found: list[OfATeam] = []
    for field in fields:
        given = field.arguments
        if given is None:
            continue
        if field.name == "tuningJob":
            found.append(plans.NamedTuningJob(given["name"], _of_tuning_job(field.inner)))
        elif field.name == "tuningJobs":
            found.append(plans.TuningJobs(_listing(given), _cut(given), _of_tuning_job(_node_fields(field))))
    return tuple(found)


def _of_tuning_job(fields: Iterable[Requested]) -> plans.OfTuningJob:
    asked = [field for field in fields if field.of == "TuningJob"]
    names = {field.name for field in asked}
    return plans.OfTuningJob(
        described=not names.isdisjoint(_ONLY_DESCRIBED),
        tags="tags" in names,
        warm_start="warmStart" in names,
        best=_below(asked, "bestTrainingJob", _of_training_job),
        overall_best=_below(asked, "overallBestTrainingJob", _of_training_job),
        training_jobs=tuple(
            _training_jobs(field, field.arguments)
            for field in asked
            if field.name == "trainingJobs" and field.arguments is not None
        ),
        of_its_team=_below(asked, "team", _of_team) or (),
    )


def _below(fields: Iterable[Requested], name: str, read: Callable[[list[Requested]], Any]) -> Any:  # noqa: ANN401  # what `read` gives
    """What is asked below all fields of one name, or None where there is none: they have one value."""
    named = [field for field in fields if field.name == name]
    return read([inner for field in named for inner in field.inner]) if named else None


def _of_training_job(fields: Iterable[Requested]) -> plans.OfTrainingJob:
    return plans.OfTrainingJob(details=any(field.of == "TrainingJob" and field.name == "details" for field in fields))


def _training_jobs(field: Requested, given: Mapping[str, Any]) -> plans.TrainingJobs:
    return plans.TrainingJobs(
        cut=_cut(given),
        sort_by=given.get("sortBy") or TrainingJobSortBy.NAME,
        sort_order=given.get("sortOrder") or SortOrder.ASCENDING,
        status=given.get("statusEquals"),
        each=_of_training_job(_node_fields(field)),
    )


def _listing(given: Mapping[str, Any]) -> TuningJobListing:
    return TuningJobListing(
        given.get("nameContains"),
        given.get("statusEquals"),
        given.get("creationTimeAfter"),
        given.get("creationTimeBefore"),
        given.get("lastModifiedTimeAfter"),
        given.get("lastModifiedTimeBefore"),
        given.get("sortBy") or TuningJobSortBy.NAME,
        given.get("sortOrder") or SortOrder.ASCENDING,
    )


def _cut(given: Mapping[str, Any]) -> Cut:
    return cut(given.get("first"), given.get("after"), given.get("last"), given.get("before"))


def _node_fields(connection: Requested) -> list[Requested]:
    """What is asked of a connection's nodes, of which an edge is another way to the same."""
    edges = [inner for field in connection.inner if field.name == "edges" for inner in field.inner]
    nodes = [field for field in connection.inner if field.name == "nodes"]
    nodes += [field for field in edges if field.name == "node"]
    return [inner for field in nodes for inner in field.inner]
