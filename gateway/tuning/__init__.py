"""The use cases: jobs and listings, for one scope at a time. Scope, reads and cursors meet here and nowhere else.

arguments   what may be asked, checked before AWS is
upstream    each read a use case may make of AWS: its key, its life
ownership   what the rules of ownership mean for a listing
orders      which order can be read from its other end, and by which key a row stands in it
steps       AWS's pages, the places on them, and where a place lies now
trail       the pages of a listing, strung together by AWS's tokens, which lead forwards only and die
directions  along a trail and against it
slices      what a walk over a listing brings back
walk        from a place in a listing to a slice of it
jobs        the use cases themselves; the faces only translate
"""

from gateway.tuning.jobs import Jobs, TuningJobs
from gateway.tuning.slices import Edge, Slice
from gateway.tuning.upstream import Lives
from gateway.tuning.walk import Bounds

__all__ = ["Bounds", "Edge", "Jobs", "Lives", "Slice", "TuningJobs"]
