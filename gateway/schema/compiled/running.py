"""One operation for one request: asks the resolvers as graphql-core would, at the same time and with the same Info, and
reads what they give by the generated functions.

A field's error is none of our business. What has been asked is let come to its end, then the first failure is raised.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from inspect import isawaitable
from types import CoroutineType
from typing import Any, TypeVar

from graphql import default_type_resolver, is_list_type, is_non_null_type
from graphql.pyutils import Path

from gateway.schema.compiled.outcomes import Outcome, Outcomes, outcome_of
from gateway.schema.compiled.prepared import Prepared, Told
from gateway.schema.compiled.selection import Field, Selection
from gateway.schema.compiled.ways import Attribute, Resolver
from gateway.schema.context import Context

T = TypeVar("T")
Later = Coroutine[Any, Any, T]
Data = dict[str, Any]


@dataclass(slots=True)
class Running:
    """One run of an operation. As in graphql-core, what need not be awaited is given at once."""

    prepared: Prepared
    context: Context
    outcomes: Outcomes = field(default_factory=Outcomes)
    """What has been asked so far, and what came of it."""

    async def data(self) -> Data:
        """The operation's data. Raises whatever fails first."""
        data = self._object(self.prepared.plan.root, None, None)
        return data if isinstance(data, dict) else await data

    def _object(self, selection: Selection, source: object, path: Path | None) -> Data | Later[Data]:
        data: Data = self.prepared.plan.readers[selection](source)
        further, parent = selection.further, selection.type.name
        if len(further) == 1:  # mostly
            (only,) = further
            value = self._field(only, source, Path(path, only.key, parent))
            if isinstance(value, CoroutineType):
                return _completed_by(data, only, value)
            data[only.key] = value
            return data
        values = _together(self._field(each, source, Path(path, each.key, parent)) for each in further)
        if isinstance(values, list):
            return _with(data, further, values)
        return _completed(data, further, values)

    def _field(self, selected: Field, source: object, path: Path) -> object:
        way = selected.way
        if isinstance(way, Attribute):
            return self._value(selected, getattr(source, way.name), path)
        if not isinstance(way, Resolver):
            return self._value(selected, way.function(source), path)
        try:
            value = self._asked(selected, way, source, path)
        except Exception as error:
            self.outcomes.note(path, Outcome(error=error))
            raise
        if isinstance(value, CoroutineType):
            return self._awaited(selected, value, path)
        if isinstance(value, list) and any(map(isawaitable, value)):
            return self._awaited_each(selected, value, path)
        self.outcomes.note(path, Outcome(value))
        return self._value(selected, value, path)

    def _asked(self, selected: Field, way: Resolver, source: object, path: Path) -> object:
        parameters = self.prepared.parameters(selected, way)
        if way.root is not None:
            parameters[way.root] = source
        if way.info is not None:
            parameters[way.info] = Told(self.prepared, selected, way, path, self.context)
        return way.function(**parameters)

    async def _awaited(self, selected: Field, value: Later[object], path: Path) -> object:
        try:
            given = await value
        except Exception as error:
            self.outcomes.note(path, Outcome(error=error, awaited=True))
            raise
        self.outcomes.note(path, Outcome(given, awaited=True))
        completed = self._value(selected, given, path)
        return await completed if isinstance(completed, CoroutineType) else completed

    async def _awaited_each(self, selected: Field, values: list[object], path: Path) -> object:
        items = await asyncio.gather(*map(outcome_of, values))
        self.outcomes.note(path, Outcome(items=tuple(items)))
        completed = self._value(selected, [item.now() for item in items], path)
        return await completed if isinstance(completed, CoroutineType) else completed

    def _value(self, selected: Field, value: object, path: Path) -> object:
        completer = self.prepared.plan.completers.get(selected)
        return completer(value) if completer else self._leading(selected.definition.type, selected, value, path)

    def _leading(self, type_: Any, selected: Field, value: Any, path: Path) -> object:  # noqa: ANN401  # of any type
        """A field's value, where what is selected of it needs more than the value."""
        if is_non_null_type(type_):
            if value is None:
                raise TypeError(selected.key)
            type_ = type_.of_type
        if value is None:
            return None
        if is_list_type(type_):
            items = ((item, path.add_key(index)) for index, item in enumerate(value))
            return _together(self._leading(type_.of_type, selected, item, place) for item, place in items)
        return self._object(self._selection(type_, selected, value, path), value, path)

    def _selection(self, type_: Any, selected: Field, value: object, path: Path) -> Selection:  # noqa: ANN401  # as above
        if selected.selection is not None:
            return selected.selection
        resolve = type_.resolve_type or default_type_resolver
        name: Any = resolve(value, self.prepared.info(selected, path, self.context), type_)
        return selected.inner[name]


def _with(data: Data, fields: Iterable[Field], values: list[object]) -> Data:
    """An object's data with the values of fields whose places None has kept."""
    for field_, value in zip(fields, values, strict=True):
        data[field_.key] = value
    return data


async def _completed_by(data: Data, field_: Field, value: Later[object]) -> Data:
    data[field_.key] = await value
    return data


async def _completed(data: Data, fields: Iterable[Field], values: Later[list[object]]) -> Data:
    return _with(data, fields, await values)


def _together(values: Iterable[object]) -> list[object] | Later[list[object]]:
    """The values, given at once or awaited side by side. Whatever has been begun is let come to its end."""
    found: list[object] = []
    failure: Exception | None = None
    try:
        found.extend(values)
    except Exception as error:  # noqa: BLE001  # raised below, or once nothing is under way any more
        failure = error
    waiting = [index for index, value in enumerate(found) if isinstance(value, CoroutineType)]
    if waiting:
        return _settled(found, waiting, failure)
    if failure is not None:
        raise failure
    return found


async def _settled(found: list[Any], waiting: list[int], failure: BaseException | None) -> list[object]:
    if len(waiting) == 1:
        found[waiting[0]] = await found[waiting[0]]
    else:
        settled = await asyncio.gather(*[found[index] for index in waiting], return_exceptions=True)
        for index, value in zip(waiting, settled, strict=True):
            failure = value if isinstance(value, BaseException) else failure
            found[index] = value
    if failure is not None:
        raise failure
    return found
