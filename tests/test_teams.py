"""What a team owns, and what a scope lets its caller see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.target import Role, Target
from gateway.model.tuning_job import Tag
from gateway.teams import OwnsAll, OwnsPrefix, OwnsTag, Scope, Team, entangled

HERE = Target("111122223333", "us-east-1")
ELSEWHERE = (Target("111122223333", "eu-west-1"), Target("444455556666", "us-east-1"))
VISION = Team("vision", HERE, OwnsPrefix("vision-"))
NLP = Team("nlp", HERE, OwnsPrefix("nlp-"))
PLATFORM = Team("platform", HERE, OwnsAll())
EUROPE = Team("europe", ELSEWHERE[0], OwnsAll())

prefixes = st.text("aAbB-", min_size=1, max_size=4)


@pytest.mark.parametrize("name", ["vision-", "vision-churn", "VISION-churn", "Vision-Churn"])
def test_a_prefix_owns_what_begins_with_it_whatever_the_case(name: str) -> None:
    assert OwnsPrefix("vision-").owns(name)
    assert OwnsPrefix("ViSiOn-").owns(name)


@pytest.mark.parametrize("name", ["", "vision", "visionary", "my-vision-churn", "nlp-churn", " vision-churn"])
def test_a_prefix_owns_nothing_else(name: str) -> None:
    assert not OwnsPrefix("vision-").owns(name)


@given(st.text())
def test_a_team_without_a_rule_owns_everything_in_its_target(name: str) -> None:
    assert OwnsAll().owns(name)


def test_a_scope_knows_its_own_teams_by_their_exact_name() -> None:
    scope = Scope((VISION, NLP))
    assert scope.team("nlp") is NLP
    assert scope.team("platform") is None
    assert scope.team("NLP") is None
    assert scope.team("") is None
    assert scope.names == ("vision", "nlp")


def test_a_scope_knows_whose_jobs_live_where() -> None:
    scope = Scope((PLATFORM, VISION, EUROPE))
    assert scope.at(HERE) == (PLATFORM, VISION)
    assert scope.at(ELSEWHERE[0]) == (EUROPE,)
    assert scope.at(ELSEWHERE[1]) == ()
    assert Scope(()).at(HERE) == ()


@given(st.lists(st.builds(Tag, st.text(max_size=3), st.text(max_size=3))))
def test_a_tag_owns_what_carries_it_to_the_letter(tags: list[Tag]) -> None:
    rule = OwnsTag("team", "vision")
    assert not rule.among([tag for tag in tags if tag != Tag("team", "vision")])
    assert rule.among([*tags, Tag("team", "vision")])
    assert not rule.among([Tag("team", "Vision"), Tag("Team", "vision"), Tag("vision", "team")])


def test_what_was_read_through_one_role_is_not_shown_through_another() -> None:
    own = Team("a", HERE, OwnsAll())
    role = Team("b", HERE, OwnsAll(), Role("arn:aws:iam::111122223333:role/b"))
    same_role = Team("c", HERE, OwnsAll(), Role("arn:aws:iam::111122223333:role/b", session_name="c"))
    other_id = Team("d", HERE, OwnsAll(), Role("arn:aws:iam::111122223333:role/b", "external"))
    assert len({own.access, role.access, other_id.access}) == 3
    assert role.access == same_role.access
    assert "external" not in repr(other_id)


@given(prefixes, prefixes)
def test_two_prefixes_are_entangled_when_one_begins_with_the_other(one: str, two: str) -> None:
    first, second = Team("one", HERE, OwnsPrefix(one)), Team("two", HERE, OwnsPrefix(two))
    expected = []
    if two.lower().startswith(one.lower()):
        expected.append((first, second))
    if one.lower().startswith(two.lower()):
        expected.append((second, first))
    assert entangled([first, second]) == expected


@given(prefixes, prefixes, st.text("aAbB-", max_size=4))
def test_teams_that_are_not_entangled_never_own_the_same_job(one: str, two: str, rest: str) -> None:
    first, second = Team("one", HERE, OwnsPrefix(one)), Team("two", HERE, OwnsPrefix(two))
    for name in (one + rest, two + rest):
        if OwnsPrefix(one).owns(name) and OwnsPrefix(two).owns(name):
            assert entangled([first, second])


@pytest.mark.parametrize("target", ELSEWHERE)
def test_prefixes_of_different_targets_are_not_entangled(target: Target) -> None:
    assert entangled([VISION, Team("vision-eu", target, OwnsPrefix("vision-"))]) == []


def test_a_team_that_owns_everything_is_meant_to_and_entangles_nobody() -> None:
    assert entangled([PLATFORM, VISION, NLP]) == []


def test_every_entangled_pair_is_found() -> None:
    inner = Team("inner", HERE, OwnsPrefix("Vision-Web-"))
    innermost = Team("innermost", HERE, OwnsPrefix("vision-web-eu-"))
    assert entangled([innermost, NLP, VISION, inner]) == [(VISION, innermost), (VISION, inner), (inner, innermost)]
