"""What was written of objects that outlive a request: the rows, edges and slices of a remembered page, as JSON.

An object's JSON is kept by the object's identity, for one selection, until the object itself is gone: AWS's pages take
what was written of them along. It works for objects that never change and can be referred to weakly; others are
written each time.
"""

import weakref
from collections.abc import Callable, Iterable
from typing import Any

import orjson

Write = Callable[[Any], Any]

_MOST_BYTES = 64 * 1024 * 1024  # of JSON and of what keeping it takes: some 60,000 training jobs
_KEEPING = 300  # bytes that an entry takes besides its JSON


class Written:
    """All that is kept, of all selections. When it is full all of it is forgotten: what is in use is soon back."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._selected: weakref.WeakSet[_Selected] = weakref.WeakSet()

    def each(self, read: Write) -> Callable[[Iterable[object]], orjson.Fragment]:
        """A function from objects to a JSON list of what `read` gives for each."""
        return self._of(read).each

    def one(self, read: Write) -> Callable[[object], orjson.Fragment]:
        """A function from an object to the JSON of what `read` gives for it."""
        return self._of(read).one

    def forget(self) -> None:
        """Write everything anew from now on."""
        self._bytes = 0
        for selected in self._selected:
            selected.forget()

    def _of(self, read: Write) -> "_Selected":
        selected = _Selected(read, self._took)
        self._selected.add(selected)
        return selected

    def _took(self, size: int) -> None:
        self._bytes += size
        if self._bytes > self._most_bytes:
            self.forget()


class _Selected:
    """What one selection made of objects. `took` is told how many bytes that takes; less than none, of what goes."""

    def __init__(self, read: Write, took: Callable[[int], None]) -> None:
        self._read = read
        self._took = took
        self._known: dict[int, bytes] = {}
        self._objects: dict[int, _Reference] = {}
        known, objects = self._known, self._objects

        def gone(reference: _Reference) -> None:
            text = known.pop(reference.identity, None)
            objects.pop(reference.identity, None)
            if text is not None:
                took(-len(text) - _KEEPING)

        self._gone = gone

    def each(self, objects: Iterable[object]) -> orjson.Fragment:
        known, write = self._known.get, self._write
        return orjson.Fragment(b"[" + b",".join([known(id(each)) or write(each) for each in objects]) + b"]")

    def one(self, value: object) -> orjson.Fragment:
        return orjson.Fragment(self._known.get(id(value)) or self._write(value))

    def forget(self) -> None:
        self._known.clear()
        self._objects.clear()

    def _write(self, value: object) -> bytes:
        text, identity = orjson.dumps(self._read(value)), id(value)
        try:
            reference = _Reference(value, self._gone)
        except TypeError:  # nothing would tell us when it is gone, and its identity another's
            return text
        reference.identity = identity
        self._took(len(text) + _KEEPING)
        self._known[identity], self._objects[identity] = text, reference
        return text


class _Reference(weakref.ref[Any]):
    """A weak reference that knows what its object was kept under."""

    __slots__ = ("identity",)
    identity: int
