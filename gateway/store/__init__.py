"""The second level of memory, shared by replicas: a Valkey or Redis server. Absent by default, and never needed.

options   where the server is and how long it may take
entries   names and values <-> what the server sees: keyed digests and sealed bytes. Pure
scripts   what the server does in one step
place     a place in a bucket, as the server tells of it. Pure
breaker   whether the server is asked at all
line      the one door to it: any fault comes out as StoreLost
store     Store: what is kept, who reads, who may call now

No caller ever gets an error from here: without the server each replica goes on alone. What a value means, how long it
is fresh and who may see it is not known here.
"""

from gateway.store.breaker import State
from gateway.store.entries import Kept
from gateway.store.options import StoreOptions, reached
from gateway.store.place import Place
from gateway.store.store import Store

__all__ = ["Kept", "Place", "State", "Store", "StoreOptions", "reached"]
