"""The tuning gateway: a GraphQL view of Amazon SageMaker hyperparameter tuning jobs, scoped to the caller's teams.

The rooms, in the order a request meets them:

__main__    the commands
process     how a gateway lives as a process: signals, and how it leaves
app         the composition root: builds each object once, closes them in reverse
config      settings, checked all at once
web         the HTTP door
schema      face 1, GraphQL
rpc         face 2, gRPC; an extra
admission   what both faces do with a request: who is calling, within which scope, the log's line
capacity    how many requests are in hand at once, and how long each may take
tuning      the use cases: scope, reads and cursors meet here and nowhere else
reads       at most one upstream read per key, remembered as long as its state allows
cursors     a place in a listing <-> opaque sealed text
teams       what a team owns, and the scope a request carries
identity    who is calling
sagemaker   the only room that knows AWS
governor    the budget of AWS calls, shared fairly between teams
store       the second level of memory, shared by replicas
model       the things themselves
errors      the tree of failures by whose fault they are
telemetry   what the gateway says of itself

A room imports only rooms below it. Apart stands `standin`, a local SageMaker that knows none of them.
"""
