"""One operation for one request: asks the resolvers as graphql-core would, at the same time and with the same Info, and
reads what they give by the generated functions.

A field's error is none of our business. What has been asked is let come to its end, then the first failure is raised.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from inspect import iscoroutine
from typing import Any

import strawberry
from graphql import default_type_resolver, is_list_type, is_non_null_type
from graphql.pyutils import Path

from gateway.schema.compiled.outcomes import Outcomes
from gateway.schema.compiled.prepared import Prepared
from gateway.schema.compiled.selection import Field, Selection
from gateway.schema.compiled.ways import Attribute, Resolver
from gateway.schema.context import Context


@dataclass(frozen=True, slots=True)
class Running:
    """One run of an operation. As in graphql-core, what need not be awaited is given at once."""

    prepared: Prepared
    context: Context
    outcomes: Outcomes = field(default_factory=Outcomes)
    """What has been asked so far, and what came of it."""

    async def data(self) -> dict[str, Any]:
        """The operation's data. Raises whatever fails first."""
        data = self._object(self.prepared.plan.root, None, None)
        return await data if iscoroutine(data) else data

    def _object(self, selection: Selection, source: object, path: Path | None) -> Any:  # noqa: ANN401  # or a coroutine
        response = self.prepared.plan.readers[selection](source)
        further, parent = selection.further, selection.type.name
        values = _together(self._field(each, source, Path(path, each.key, parent)) for each in further)
        keys = [each.key for each in further]
        return _filled(response, keys, values) if iscoroutine(values) else response | dict(zip(keys, values, strict=True))

    def _field(self, selected: Field, source: object, path: Path) -> object:
        way = selected.way
        if isinstance(way, Attribute):
            return self._completed(selected, getattr(source, way.name), path)
        if not isinstance(way, Resolver):
            return self._completed(selected, way.function(source), path)
        value = self.outcomes.of(path, lambda: self._asked(selected, way, source, path))
        return self._awaited(selected, value, path) if iscoroutine(value) else self._completed(selected, value, path)

    def _asked(self, selected: Field, way: Resolver, source: object, path: Path) -> object:
        parameters = self.prepared.parameters(selected, way)
        if way.root is not None:
            parameters[way.root] = source
        if way.info is not None:
            info = self.prepared.info(selected, path, self.context)
            parameters[way.info] = strawberry.Info(_raw_info=info, _field=way.field)
        return way.function(**parameters)

    async def _awaited(self, selected: Field, value: Coroutine[Any, Any, object], path: Path) -> object:
        completed = self._completed(selected, await value, path)
        return await completed if iscoroutine(completed) else completed

    def _completed(self, selected: Field, value: object, path: Path) -> object:
        completer = self.prepared.plan.completers.get(selected)
        return completer(value) if completer else self._led_on(selected.definition.type, selected, value, path)

    def _led_on(self, type_: Any, selected: Field, value: Any, path: Path) -> object:  # noqa: ANN401  # of any type
        """A field's value, where what is selected of it needs more than the value."""
        if is_non_null_type(type_):
            type_ = type_.of_type
            if value is None:
                raise TypeError(selected.key)
        if value is None:
            return None
        if is_list_type(type_):
            return _together(
                self._led_on(type_.of_type, selected, item, path.add_key(index)) for index, item in enumerate(value)
            )
        return self._object(self._selection(type_, selected, value, path), value, path)

    def _selection(self, type_: Any, selected: Field, value: object, path: Path) -> Selection:  # noqa: ANN401  # as above
        if selected.selection is not None:
            return selected.selection
        resolve = type_.resolve_type or default_type_resolver
        return selected.inner[resolve(value, self.prepared.info(selected, path, self.context), type_)]


async def _filled(response: dict[str, Any], keys: list[str], values: Coroutine[Any, Any, list[object]]) -> dict[str, Any]:
    response.update(zip(keys, await values, strict=True))  # where None has kept their places
    return response


def _together(values: Iterable[object]) -> list[object] | Coroutine[Any, Any, list[object]]:
    """The values, at once or awaited side by side. Whatever has been begun is let come to its end."""
    found: list[object] = []
    failure: Exception | None = None
    try:
        found.extend(values)
    except Exception as error:  # noqa: BLE001  # it is raised below, once nothing is under way any more
        failure = error
    waiting = [index for index, value in enumerate(found) if iscoroutine(value)]
    if waiting:
        return _settled(found, waiting, failure)
    if failure is not None:
        raise failure
    return found


async def _settled(found: list[Any], waiting: list[int], failure: Exception | None) -> list[object]:
    if len(waiting) == 1:
        found[waiting[0]] = await found[waiting[0]]
    else:
        settled = await asyncio.gather(*[found[index] for index in waiting], return_exceptions=True)
        for index, value in zip(waiting, settled, strict=True):
            if isinstance(value, BaseException):
                failure = value
            found[index] = value
    if failure is not None:
        raise failure
    return found
