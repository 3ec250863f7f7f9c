"""Operations compiled: what is remembered of a document is functions that read `model` objects straight into the
response. Everything else, and whatever fails, is graphql-core's.

ways        how a field comes by its value
selection   what an operation selects, as graphql-core collects it
reading     the functions generated from a selection
written     the JSON of objects that outlive a request
plan        an operation's selections and functions; `prepared`, the same with one set of variables
compiler    from a document and variables to what can be run
running     one operation for one request
outcomes    what its resolvers gave, for graphql-core to go over

Nothing here decides what a response says. A compiled operation answers what graphql-core would, byte for byte, or not
at all: of any value, type or failure that it is not sure of it lets graphql-core tell.
"""

from gateway.schema.compiled.compiler import Compiler, Plans
from gateway.schema.compiled.outcomes import Noted, Outcomes
from gateway.schema.compiled.prepared import Prepared
from gateway.schema.compiled.running import Running

__all__ = ["Compiler", "Noted", "Outcomes", "Plans", "Prepared", "Running"]
