"""One operation for one request: asks the resolvers as graphql-core would, at the same time and with the same Info, and
reads what they give by the generated functions.

An object's data are there at once; what its further fields come to is put into them, at once or later. A field's error
is none of our business: what has been asked is let come to its end, then the first failure is raised.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from inspect import isawaitable
from types import CoroutineType
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, default_type_resolver

from gateway.schema.compiled.outcomes import Noted, outcome_of
from gateway.schema.compiled.prepared import Place, Prepared, Told
from gateway.schema.compiled.selection import Field, Selection
from gateway.schema.compiled.ways import Attribute, Resolver
from gateway.schema.context import Context

Data = dict[str, Any]
Later = Coroutine[Any, Any, None]
"""What is still to be put where it belongs."""


@dataclass(slots=True)
class Running:
    """One run of an operation. As in graphql-core, what need not be awaited is given at once."""

    prepared: Prepared
    context: Context
    noted: list[Noted] = field(default_factory=list)
    """What has been asked so far, and what came of it."""

    def begun(self) -> tuple[Data, Later | None]:
        """The operation's data, and what has to be awaited until they are whole. Both raise whatever fails first."""
        root = self.prepared.plan.root
        data: Data = self.prepared.plan.readers[root](None)
        return data, self._further(root, data, None, None)

    def _further(self, selection: Selection, data: Data, source: object, place: Place | None) -> Later | None:
        """Ask for what is selected of an object and needs more than the object."""
        further, parent = selection.further, selection.type.name
        if len(further) == 1:  # mostly
            (only,) = further
            return self._field(only, data, source, (place, only.key, parent))
        return _together(self._field(each, data, source, (place, each.key, parent)) for each in further)

    def _field(self, selected: Field, data: Data, source: object, place: Place) -> Later | None:
        way = selected.way
        if not isinstance(way, Resolver):
            value = getattr(source, way.name) if isinstance(way, Attribute) else way.function(source)
            return self._put(selected, data, value, place)
        try:
            value = self._asked(selected, way, source, place)
        except Exception as error:
            self.noted.append((place, None, error, False, None))
            raise
        if isinstance(value, CoroutineType):
            return self._awaited(selected, data, value, place)
        if isinstance(value, list) and any(map(isawaitable, value)):
            return self._awaited_each(selected, data, value, place)
        self.noted.append((place, value, None, False, None))
        return self._put(selected, data, value, place)

    def _asked(self, selected: Field, way: Resolver, source: object, place: Place) -> object:
        parameters = self.prepared.parameters[selected].copy()
        if way.root is not None:
            parameters[way.root] = source
        if way.info is not None:
            parameters[way.info] = Told(self.prepared, selected, way, place, self.context)
        return way.function(**parameters)

    async def _awaited(self, selected: Field, data: Data, value: Coroutine[Any, Any, object], place: Place) -> None:
        try:
            given = await value
        except Exception as error:
            self.noted.append((place, None, error, True, None))
            raise
        self.noted.append((place, given, None, True, None))
        later = self._put(selected, data, given, place)
        if later is not None:
            await later

    async def _awaited_each(self, selected: Field, data: Data, values: list[object], place: Place) -> None:
        items = await asyncio.gather(*map(outcome_of, values))
        self.noted.append((place, None, None, False, items))
        later = self._put(selected, data, [item.now() for item in items], place)
        if later is not None:
            await later

    def _put(self, selected: Field, data: Data, value: object, place: Place) -> Later | None:
        """Put a field's value where it belongs."""
        completer = self.prepared.plan.completers.get(selected)
        if completer is None:
            return self._lead(selected.definition.type, selected, value, data, place)
        data[selected.key] = completer(value)
        return None

    def _lead(
        self,
        type_: Any,  # noqa: ANN401  # of any type
        selected: Field,
        value: Any,  # noqa: ANN401  # as above
        data: Any,  # noqa: ANN401  # an object's, by name, or a list's, by number
        place: Place,
    ) -> Later | None:
        """The same, where what is selected of the value needs more than the value."""
        if isinstance(type_, GraphQLNonNull):
            if value is None:
                raise TypeError(selected.key)
            type_ = type_.of_type
        _, key, _ = place
        if value is None:
            data[key] = None
            return None
        if isinstance(type_, GraphQLList):
            inner, items = type_.of_type, list(value)
            data[key] = found = [None] * len(items)
            return _together(
                self._lead(inner, selected, item, found, (place, index, None)) for index, item in enumerate(items)
            )
        selection = selected.selection or self._selection(type_, selected, value, place)
        data[key] = found = self.prepared.plan.readers[selection](value)
        return self._further(selection, found, value, place)

    def _selection(self, type_: Any, selected: Field, value: object, place: Place) -> Selection:  # noqa: ANN401  # as above
        resolve = type_.resolve_type or default_type_resolver
        name: Any = resolve(value, self.prepared.info(selected, place, self.context), type_)
        return selected.inner[name]


def _together(asked: Iterable[Later | None]) -> Later | None:
    """What is left of several, to be awaited side by side. Whatever has been begun is let come to its end."""
    waiting: list[Later] = []
    failure: Exception | None = None
    try:
        waiting.extend(later for later in asked if later is not None)
    except Exception as error:  # noqa: BLE001  # raised below, or once nothing is under way any more
        failure = error
    if waiting:
        return _settled(waiting, failure)
    if failure is not None:
        raise failure
    return None


async def _settled(waiting: list[Later], failure: BaseException | None) -> None:
    if len(waiting) == 1:
        await waiting[0]
    else:
        for outcome in await asyncio.gather(*waiting, return_exceptions=True):
            failure = outcome if isinstance(outcome, BaseException) else failure
    if failure is not None:
        raise failure
