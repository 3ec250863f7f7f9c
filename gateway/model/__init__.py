"""The things themselves: tuning jobs, training jobs and their parts. Frozen and slotted; no I/O, no AWS, no GraphQL.

The string under a field is its documentation: the GraphQL schema carries it to the reader.
"""
