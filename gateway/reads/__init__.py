"""SharedReads: at most one upstream read per key, remembered as long as its value may live; and ReadLog, what one
request read. Knows nothing of AWS, tenants or GraphQL: a key, a fetch and a lifetime are handed in.

options   how much is remembered, and how readers are spared the upstream
entries   what is read, for whom, how long it may live, and the value as it was read
log       what one request read, and the calls it caused
weight    how many bytes a value takes
ages      how old it is, by two clocks
memory    what is remembered, bounded in bytes
flights   one upstream read under way, and who waits for it
waiting   how many requests wait for the upstream at once
replicas  what the store that replicas share adds: who reads, and what others have left
shared    SharedReads itself: memory, then flights, then the store that replicas share, then the upstream
answers   whole answers, which hang on what was read for them
"""

from gateway.reads.answers import Answers
from gateway.reads.entries import Held, Life, Read, Reader, ReadKey, Remembered, key_of
from gateway.reads.log import ReadLog
from gateway.reads.options import ReadOptions
from gateway.reads.shared import SharedReads
from gateway.reads.weight import weight

__all__ = [
    "Answers",
    "Held",
    "Life",
    "Read",
    "ReadKey",
    "ReadLog",
    "ReadOptions",
    "Reader",
    "Remembered",
    "SharedReads",
    "key_of",
    "weight",
]
