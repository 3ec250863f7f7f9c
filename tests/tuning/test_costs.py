"""What plans cost, worked out by hand: the arithmetic is pure, and the whole gateway is held to it elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cursors import Cursors, PageRef, Place, mark, page_named
from gateway.model.listing import SortOrder, TrainingJobSortBy, TuningJobListing
from gateway.model.words import TrainingJobStatus, TuningJobStatus
from gateway.teams import Scope, Team
from gateway.tuning.arguments import Cut
from gateway.tuning.bounds import Bounds
from gateway.tuning.costs import estimate
from gateway.tuning.plans import (
    Asked,
    NamedTuningJob,
    OfEachTeam,
    OfTeam,
    OfTrainingJob,
    OfTuningJob,
    Plan,
    Told,
    TrainingJobAt,
    TrainingJobs,
    TuningJobAt,
    TuningJobs,
)
from tests.running import HERE, TEAMS

FIRST_PAGE, TURNED_PAGE = PageRef(None, 0), PageRef("token", 1, turned=True)
BOUNDS = Bounds(walk_pages=10, walk_back_pages=7)
BY_NAME = {team.name: team for team in TEAMS}
VISION, PLATFORM, SPEECH, ROBOTICS = (BY_NAME[name] for name in ("vision", "platform", "speech", "robotics"))
DETAILS = OfTrainingJob(details=True)
LISTINGS = st.builds(Cut, st.integers(1, 100))


def cost(*asked: Asked, teams: tuple[Team, ...] = (PLATFORM,)) -> int:
    return estimate(Plan(asked), Scope(teams), BOUNDS)


def named(name: str, **wanted: object) -> OfTeam:
    return OfTeam(None, (NamedTuningJob(name, OfTuningJob(**wanted)),))  # type: ignore[arg-type]  # a test's own words


def listed(first: int = 10, listing: TuningJobListing | None = None, **wanted: object) -> OfTeam:
    each = OfTuningJob(**wanted)  # type: ignore[arg-type]  # as above
    return OfTeam(None, (TuningJobs(listing or TuningJobListing(), Cut(first), each),))


def cursor(page: PageRef, skip: int = 5, listing: str = "a listing") -> str:
    return Cursors(["a secret of the tests"]).of(listing).seal(Place(page, skip, (mark("a", None),), on_a_row=True))


def test_a_job_by_name_is_its_description_and_by_tag_a_verdict_before_it() -> None:
    assert cost(named("vision-a")) == 1
    assert cost(named("vision-a"), teams=(VISION,)) == 1
    assert cost(named("vision-a"), teams=(SPEECH,)) == 2


def test_a_name_that_is_refused_by_itself_costs_nothing() -> None:
    below = {"training_jobs": (TrainingJobs(each=DETAILS),), "tags": True}
    assert cost(named("nlp-a", **below), teams=(VISION,)) == 0
    assert cost(TuningJobAt(HERE, "not a name", OfTuningJob(tags=True))) == 0


def test_what_the_callers_teams_do_not_answer_costs_nothing() -> None:
    asked = (NamedTuningJob("vision-a"),)
    assert cost(OfTeam("nlp", asked)) == 0
    assert cost(OfTeam(None, asked), teams=(PLATFORM, SPEECH)) == 0  # neither is meant
    assert cost(OfTeam("speech", asked), teams=(PLATFORM, SPEECH)) == 2
    assert cost(TuningJobAt(BY_NAME["lab-a"].target, "vision-a")) == 0


def test_each_team_is_asked_for_its_own() -> None:
    assert cost(OfEachTeam((NamedTuningJob("vision-a"),)), teams=(SPEECH, ROBOTICS, VISION)) == 1 + 1 + 1


def test_a_slice_of_training_jobs_is_one_page_two_behind_a_cursor_and_many_with_a_filter() -> None:
    def slice_(**words: object) -> int:
        return cost(named("vision-a", training_jobs=(TrainingJobs(**words),))) - 1  # type: ignore[arg-type]  # as above

    assert slice_(cut=Cut(100)) == 1
    assert slice_(cut=Cut(1, cursor(FIRST_PAGE))) == 2
    assert slice_(sort_by=TrainingJobSortBy.BEST_OBJECTIVE) == 1
    assert slice_(status=TrainingJobStatus.FAILED) == 10
    assert slice_(each=DETAILS, cut=Cut(30)) == 1 + 30 + 1


def test_going_back_costs_a_walk_unless_the_listing_is_read_from_its_other_end() -> None:
    by_status, status = {"sort_by": TrainingJobSortBy.STATUS}, {"status": TrainingJobStatus.FAILED}

    def slice_(**words: object) -> int:
        return cost(named("vision-a", training_jobs=(TrainingJobs(**words),))) - 1  # type: ignore[arg-type]  # as above

    assert slice_(cut=Cut(1, backwards=True)) == 1
    assert slice_(cut=Cut(1, backwards=True), **status) == 10
    assert slice_(cut=Cut(1, backwards=True), **by_status) == 7
    assert slice_(cut=Cut(1, cursor(TURNED_PAGE), backwards=True)) == 2
    assert slice_(cut=Cut(1, cursor(TURNED_PAGE))) == 1 + 7
    assert slice_(cut=Cut(1, cursor(PageRef("token", 1)), backwards=True)) == 1 + 7
    assert slice_(cut=Cut(1, cursor(FIRST_PAGE), backwards=True)) == 1


def test_a_slice_of_tuning_jobs_is_one_page_unless_sagemaker_filters_what_it_has_cut() -> None:
    running = TuningJobListing(status_equals=TuningJobStatus.IN_PROGRESS)
    newest = TuningJobListing(sort_order=SortOrder.DESCENDING)
    assert cost(listed(100)) == cost(listed(100, newest)) == 1
    assert cost(listed(100, running)) == 10
    assert cost(listed(), teams=(VISION,)) == 10
    assert cost(listed(100, running), teams=(SPEECH,)) == 1  # Search finds first


def test_what_a_list_does_not_carry_costs_a_call_for_every_row() -> None:
    assert cost(listed(10)) == 1
    assert cost(listed(10, described=True)) == 1 + 10
    assert cost(listed(10, described=True, best=OfTrainingJob(), warm_start=True)) == 1 + 10
    assert cost(listed(10, best=DETAILS)) == 1 + 10 + 10 + 10 // 3
    assert cost(listed(10, described=True, tags=True)) == 1 + 10 + 10
    assert cost(listed(10, training_jobs=(TrainingJobs(),))) == 1 + 10
    assert cost(listed(10, training_jobs=(TrainingJobs(sort_by=TrainingJobSortBy.BEST_OBJECTIVE),))) == 1 + 10 + 10
    assert cost(listed(10, training_jobs=(TrainingJobs(cut=Cut(20), each=DETAILS),))) == 1 + 10 + 200 + 10


def test_by_tag_every_row_that_is_opened_is_judged_once() -> None:
    assert cost(listed(10), teams=(SPEECH,)) == 1
    everything = {"described": True, "tags": True, "training_jobs": (TrainingJobs(),)}
    assert cost(listed(10, None, **everything), teams=(SPEECH,)) == 1 + 3 * 10
    assert cost(named("own", **everything), teams=(SPEECH,)) == 2 + 1


def test_by_tag_the_verdict_brings_the_tags() -> None:
    assert cost(listed(10, tags=True), teams=(SPEECH,)) == 1 + 10
    assert cost(named("own", tags=True), teams=(SPEECH,)) == 2
    assert cost(named("vision-a", tags=True), teams=(VISION,)) == 2


def test_what_a_job_learned_from_is_judged_for_every_team_that_owns_by_tag() -> None:
    assert cost(named("own", warm_start=True), teams=(SPEECH,)) == 2 + 5
    both = OfTeam("speech", (NamedTuningJob("own", OfTuningJob(warm_start=True, overall_best=DETAILS)),))
    assert cost(both, teams=(SPEECH, ROBOTICS, VISION)) == 2 + 2 * 5 + 2 + 1


def test_a_job_by_its_id_may_be_any_teams_of_its_target() -> None:
    assert cost(TuningJobAt(HERE, "vision-a"), teams=(SPEECH, ROBOTICS)) == 1 + 1 + 1
    assert cost(TuningJobAt(HERE, "vision-a"), teams=(VISION, PLATFORM)) == 1  # one access, so one read
    assert cost(TrainingJobAt(HERE, "vision-a", "vision-a-001", DETAILS)) == 1 + 10 + 1


def test_a_hundred_ids_of_one_job_walk_its_listing_once() -> None:
    ids = [TrainingJobAt(HERE, "vision-a", f"vision-a-{number}") for number in range(100)]
    assert cost(*ids) == cost(*ids, named("vision-a", training_jobs=(TrainingJobs(),))) == 1 + 10


def test_what_two_fields_share_costs_once() -> None:
    assert cost(named("vision-a"), named("vision-a", tags=True), TuningJobAt(HERE, "vision-a")) == 2
    few, many = TrainingJobs(cut=Cut(5), each=DETAILS), TrainingJobs(cut=Cut(25), each=DETAILS)
    assert cost(named("vision-a", training_jobs=(few, many, few))) == 1 + 1 + 25 + 2
    assert cost(listed(5, described=True), listed(20), listed(10, described=True)) == 1 + 10


def test_slices_of_slices_are_added_up_unless_one_lies_within_the_other() -> None:
    wide = listed(10, training_jobs=(TrainingJobs(cut=Cut(1), each=DETAILS),))
    deep = listed(2, training_jobs=(TrainingJobs(cut=Cut(100), each=DETAILS),))
    assert cost(wide) == 1 + 10 + 10 + 10 // 3
    assert cost(deep) == 1 + 2 + 200 + 2
    assert cost(wide, deep) == 1 + 10 + 10 + 10 // 3 + 200 + 2
    assert cost(deep, listed(1, training_jobs=(TrainingJobs(cut=Cut(100), each=DETAILS),))) == cost(deep)


def test_details_cost_a_call_each_and_a_search_that_may_be_in_vain_one_more() -> None:
    def slice_(size: int, team: Team, *fields: str) -> int:
        rows = TrainingJobs(cut=Cut(size), each=DETAILS)
        asked = OfTeam(None, (NamedTuningJob("vision-a", OfTuningJob(training_jobs=(rows,))),))
        return estimate(Plan((asked,), frozenset(fields)), Scope((team,)), BOUNDS) - 2

    assert slice_(20, PLATFORM, "role_arn") == 20 + 1
    assert slice_(20, VISION, "role_arn") == 20
    assert slice_(20, PLATFORM, "role_arn", "serverless") == 20
    assert slice_(2, PLATFORM, "role_arn") == 2


def test_what_is_told_comes_judged_and_described() -> None:
    def told(team: Team, **wanted: object) -> int:
        return cost(Told(None, "own-a", OfTuningJob(**wanted)), teams=(team,))  # type: ignore[arg-type]  # as above

    best_first = TrainingJobs(sort_by=TrainingJobSortBy.BEST_OBJECTIVE)
    assert told(SPEECH) == told(SPEECH, described=True, best=OfTrainingJob()) == 0
    assert told(SPEECH, tags=True) == told(PLATFORM, tags=True) == 1
    assert told(PLATFORM, warm_start=True) == 1
    assert told(SPEECH, warm_start=True) == 1 + 5
    assert told(SPEECH, training_jobs=(best_first, TrainingJobs())) == 2
    assert told(VISION, tags=True, training_jobs=(best_first,)) == 0  # no name of its


def test_rows_that_are_told_cost_their_details_and_every_hundred_a_search_that_may_be_in_vain() -> None:
    def told(team: Team, rows: int) -> int:
        plan = Plan((Told(None, "own-a", each=DETAILS),)).telling(team.name, rows, begun=0)
        return estimate(plan, Scope((team,)), BOUNDS)

    assert [told(SPEECH, rows) for rows in (0, 1, 2, 3, 100, 101)] == [0, 1, 2, 3 + 1, 100 + 1, 101 + 2]
    assert told(BY_NAME["lab-a"], 250) == 250 + 3
    assert cost(Told(None, "own-a", rows=100)) == 0


def test_to_begin_to_listen_is_to_find_the_job() -> None:
    def beginning(name: str, team: Team) -> int:
        plan = Plan((Told(None, name, OfTuningJob(tags=True), DETAILS, 5),)).beginning
        return estimate(plan, Scope((team,)), BOUNDS)

    assert beginning("own-a", PLATFORM) == 1
    assert beginning("own-a", SPEECH) == 2
    assert beginning("own-a", VISION) == 0
    first = Plan((Told(None, "own-a", each=DETAILS),)).telling("platform", 2, begun=1)
    assert estimate(first, Scope((PLATFORM,)), BOUNDS) == 1 + 2


def test_the_same_words_asked_of_two_teams_are_two_questions() -> None:
    asked = (TuningJobs(TuningJobListing(), Cut(10), OfTuningJob(described=True)),)
    assert cost(OfEachTeam(asked), teams=(VISION, BY_NAME["nlp"])) == 2 * (10 + 10)


def test_the_team_of_a_job_leads_back_to_what_is_known() -> None:
    again = (NamedTuningJob("vision-a", OfTuningJob(tags=True)), TuningJobs(TuningJobListing()))
    assert cost(named("vision-a", of_its_team=again)) == 1 + 1 + 1
    assert cost(listed(10, of_its_team=again)) == 1 + 1 + 1


def test_cursors_of_one_page_are_told_by_their_common_part() -> None:
    second = PageRef("token", 1)
    assert page_named(cursor(second, 1)) == page_named(cursor(second, 99)) != page_named(cursor(PageRef("other", 2)))
    assert page_named(cursor(FIRST_PAGE)) == (b"", False)
    assert page_named("no cursor") == (b"no cursor", False)
    assert page_named(cursor(TURNED_PAGE)) == (page_named(cursor(PageRef("token", 1)))[0], True)

    def after(*cursors: str | None) -> int:
        return cost(named("vision-a", training_jobs=tuple(TrainingJobs(cut=Cut(5, each)) for each in cursors))) - 1

    assert after(None, cursor(FIRST_PAGE, 1), cursor(FIRST_PAGE, 40)) == 2
    assert after(cursor(second, 1), cursor(second, 40)) == 2
    assert after(None, cursor(second)) == 3


SLICES = st.builds(TrainingJobs, cut=LISTINGS, each=st.builds(OfTrainingJob, st.booleans()))
WANTED = st.builds(
    OfTuningJob,
    described=st.booleans(),
    tags=st.booleans(),
    warm_start=st.booleans(),
    training_jobs=st.lists(SLICES, max_size=3).map(tuple),
)
ASKED = st.one_of(
    st.builds(OfTeam, st.none(), st.tuples(st.builds(TuningJobs, st.just(TuningJobListing()), LISTINGS, WANTED))),
    st.builds(OfTeam, st.none(), st.tuples(st.builds(NamedTuningJob, st.sampled_from(["vision-a", "b"]), WANTED))),
)


@pytest.mark.parametrize("team", [VISION, PLATFORM, SPEECH], ids=lambda team: team.name)
@given(one=st.lists(ASKED, max_size=3), other=st.lists(ASKED, max_size=3))
def test_asking_for_more_never_costs_less_and_asking_twice_never_more(
    team: Team, one: list[OfTeam], other: list[OfTeam]
) -> None:
    def of(asked: list[OfTeam]) -> int:
        return cost(*asked, teams=(team,))

    # Details of one and of the other may be worth a Search that is in vain, and those of either not.
    assert max(of(one), of(other)) <= of(one + other) == of(other + one) <= of(one) + of(other) + 1
    assert of(one + one) == of(one)
