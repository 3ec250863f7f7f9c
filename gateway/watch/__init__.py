"""Live updates: one loop per watched job, however many listen; each listener has one slot, and the latest value wins.
Looks are taken through the use cases, in the background share of the budget. Knows nothing of GraphQL or sockets.

pace      how long to wait between two looks. Pure
rows      which training jobs have changed between two looks. Pure
topics    what can be watched, and what one look at it costs
watch     the loop, and the slots of those who listen
watches   who may listen to what, for how long, and how many at once
"""

from gateway.watch.pace import Pace
from gateway.watch.topics import ItsTrainingJobs, OneTuningJob, Topic
from gateway.watch.watches import Delivery, Listener, Watches, WatchOptions

__all__ = ["Delivery", "ItsTrainingJobs", "Listener", "OneTuningJob", "Pace", "Topic", "WatchOptions", "Watches"]
