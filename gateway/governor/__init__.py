"""The budget of AWS calls, one per (account, region, operation), shared fairly between teams. It also owns retries: the
SDK makes one attempt. What is asked, and what an answer means, is not known here.

budget      which budget a call is paid from, and how large it is
errand      on whose behalf a read is made, and until when it is worth anything
line        who is next. Pure
bucket      when the next place comes: the one place where rates are counted. Pure
places      where places come from: our own bucket, and the one that replicas share
turnstile   one budget at work: lets errands through one by one, as `line` and `places` say
governor    a call: its place, its attempts
shared      the buckets that replicas share, as far as they are known here
"""

from gateway.governor.budget import Budget, Rates
from gateway.governor.errand import Errand, Ticket
from gateway.governor.governor import Governor
from gateway.governor.shared import SharedBuckets
from gateway.governor.turnstile import BudgetState

__all__ = ["Budget", "BudgetState", "Errand", "Governor", "Rates", "SharedBuckets", "Ticket"]
