"""No operation goes unpriced: whatever a root field may read stands in the plan."""

import pytest
from graphql import OperationType, get_operation_ast, parse

from gateway.schema import executable
from gateway.schema.priced import plan_of
from gateway.schema.requested import requested

SCHEMA = executable()
ID = "WyIxMTExMjIyMjMzMzMiLCJ1cy1lYXN0LTEiLCJ2aXNpb24tYSJd"  # ["111122223333","us-east-1","vision-a"]
STOPPED = '{ tuningJob: "vision-a", name: "vision-a-001" }'
OPERATIONS = {
    "Query.viewer": "{ viewer { teams { tuningJobs { totalCount } } } }",
    "Query.node": f'{{ node(id: "{ID}") {{ id }} }}',
    "Query.nodes": f'{{ nodes(ids: ["{ID}"]) {{ id }} }}',
    "Query.team": '{ team(name: "vision") { tuningJobs { totalCount } } }',
    "Query.tuningJob": '{ tuningJob(name: "vision-a") { name } }',
    "Query.tuningJobs": "{ tuningJobs { totalCount } }",
    "Mutation.stopTuningJob": 'mutation { stopTuningJob(input: { name: "vision-a" }) { outcome } }',
    "Mutation.stopTrainingJob": f"mutation {{ stopTrainingJob(input: {STOPPED}) {{ outcome }} }}",
    "Subscription.tuningJob": 'subscription { tuningJob(name: "vision-a") { name } }',
    "Subscription.trainingJobsChanged": 'subscription { trainingJobsChanged(tuningJob: "vision-a") { name } }',
}


def test_the_operations_below_ask_for_every_root_field() -> None:
    roots = [root for root in map(SCHEMA.get_root_type, OperationType) if root is not None]
    assert OPERATIONS.keys() == {f"{root.name}.{field}" for root in roots for field in root.fields}


@pytest.mark.parametrize("field", OPERATIONS)
def test_a_root_field_is_priced(field: str) -> None:
    document = parse(OPERATIONS[field])
    operation = get_operation_ast(document)
    assert operation is not None
    assert plan_of(requested(SCHEMA, document, operation, {})).asked
