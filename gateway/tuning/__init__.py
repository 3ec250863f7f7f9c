"""The use cases: jobs and listings, for one scope at a time. Scope, reads and cursors meet here and nowhere else.

arguments   what may be asked, checked before AWS is
plans       what an operation asks for
costs       how many AWS calls that may cause, told before anything is read
upstream    each read a use case may make of AWS: its key, its life
ownership   what the rules of ownership mean for a listing
slices      what a walk over a listing brings back
walk        from a place in a listing to a slice of it, over AWS's pages
jobs        the use cases themselves; the faces only translate
"""

from gateway.tuning.jobs import Jobs, TuningJobs
from gateway.tuning.slices import Edge, Slice
from gateway.tuning.upstream import Lives

__all__ = ["Edge", "Jobs", "Lives", "Slice", "TuningJobs"]
