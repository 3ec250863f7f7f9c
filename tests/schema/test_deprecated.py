"""What is deprecated is counted by its names in the schema, whatever a caller calls it."""

from graphql import build_schema, parse

from gateway.schema.deprecated import deprecated_in

SCHEMA = build_schema("""
    type Query {
      job(name: String, oldName: String @deprecated(reason: "name"), sortBy: Order): Job
    }
    type Job { name: String title: String @deprecated(reason: "name") parent: Job }
    enum Order { NAME AGE @deprecated(reason: "NAME") }
""")


def _found(text: str) -> tuple[str, ...]:
    return deprecated_in(SCHEMA, parse(text))


def test_a_field_counts_by_its_own_name_wherever_it_stands() -> None:
    assert _found("{ job { parent { invented: title } } }") == ("Job.title",)
    assert _found("{ job { ...F } } fragment F on Job { title name }") == ("Job.title",)


def test_an_argument_and_a_value_count_with_what_they_belong_to() -> None:
    assert _found('{ job(oldName: "a", sortBy: AGE) { name } }') == ("Order.AGE", "Query.job(oldName:)")


def test_what_is_in_use_counts_nothing() -> None:
    assert _found('query Named($x: Order = NAME) { job(name: "a", sortBy: $x) { name @skip(if: true) } }') == ()
