"""The use cases: jobs and listings, for one scope at a time. Scope, reads and cursors meet here and nowhere else.

arguments   what may be asked, checked before AWS is
bounds      how far a walk may go
plans       what an operation asks for
costs       how many AWS calls that may cause, told before anything is read, in kinds of reads
allowance   which plans may be carried out
lives       how long what was read may be remembered
reading     how one request reads
pages       the upstream pages of one listing
upstream    each read a use case may make of AWS
details     the details of training jobs, many for one call where AWS can
belongings  whose a job is, as far as one request has found out
ownership   what the rules of ownership mean for a listing
orders      which order can be read from its other end, and by which key a row stands in it
steps       AWS's pages, the places on them, and where a place lies now
trail       the pages of a listing, strung together by AWS's tokens, which lead forwards only and die
directions  along a trail and against it
slices      what a walk over a listing brings back
best_first  the one order that is ours, in AWS's terms
walk        from a place in a listing to a slice of it
afresh      what must be known before something is done to a job: asked of AWS now
stopping    stopping a job
jobs        the use cases themselves; the faces only translate

What is made for each request is not frozen here, unlike values: that would take three times as long.
"""

from gateway.tuning.jobs import Jobs, TuningJobs
from gateway.tuning.lives import Lives
from gateway.tuning.slices import Edge, Slice
from gateway.tuning.stopping import Actor, Stopped

__all__ = ["Actor", "Edge", "Jobs", "Lives", "Slice", "Stopped", "TuningJobs"]
