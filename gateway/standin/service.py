"""SageMaker's service model as botocore ships it: per operation, what may come in and what may go out.

Reads botocore's data and nothing else of botocore's.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel, StructureShape

from gateway.standin.dump import Dump, dumper
from gateway.standin.validate import validate


class ServiceShapes:
    """The shapes of SageMaker's operations; the checks of what goes out are prepared once per operation.

    Loading takes about a tenth of a second: whoever starts many stand-ins shares one.
    """

    def __init__(self) -> None:
        self._model = ServiceModel(Loader().load_service_model("sagemaker", "service-2"), "sagemaker")
        self._dumps: dict[str, Dump] = {}

    @property
    def target_prefix(self) -> str:
        """What stands before the dot in X-Amz-Target."""
        return str(self._model.metadata["targetPrefix"])

    def input_shape(self, operation: str) -> StructureShape | None:
        """The shape of the request; None for an operation that takes nothing."""
        return self._model.operation_model(operation).input_shape

    def output_shape(self, operation: str) -> StructureShape | None:
        """The shape of the answer; None for an operation that says nothing but that it went well."""
        return self._model.operation_model(operation).output_shape

    def prepare(self, operations: Iterable[str]) -> None:
        """Builds the checks of what goes out before the first call needs them."""
        for operation in operations:
            self._dump_of(operation)

    def check(self, operation: str, arguments: Mapping[str, Any]) -> None:
        """Refuses arguments the model does not allow. Raises RefusedError."""
        shape = self.input_shape(operation)
        if shape is not None:
            validate(shape, arguments)

    def dump(self, operation: str, answer: Mapping[str, Any]) -> dict[str, Any]:
        """The answer, checked and without its empty members. Raises ModelViolationError."""
        dumped: dict[str, Any] = self._dump_of(operation)(answer)
        return dumped

    def _dump_of(self, operation: str) -> Dump:
        if operation not in self._dumps:
            shape = self.output_shape(operation)
            self._dumps[operation] = dumper(shape) if shape is not None else lambda _: {}
        return self._dumps[operation]
