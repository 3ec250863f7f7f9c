"""The service models of SageMaker and STS as botocore ships them: per operation, what may come in and what may go out.

Reads botocore's data and nothing else of botocore's.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, StructureShape

from gateway.standin.dump import Dump, dumper
from gateway.standin.validate import validate


class ServiceShapes:
    """The shapes of the operations of both services; the checks of what goes out are prepared once per operation.

    Loading takes about a tenth of a second: whoever starts many stand-ins shares one.
    """

    def __init__(self) -> None:
        loader = Loader()
        self._model, self._sts = (
            ServiceModel(loader.load_service_model(name, "service-2"), name) for name in ("sagemaker", "sts")
        )
        self._dumps: dict[str, Dump] = {}

    @property
    def target_prefix(self) -> str:
        """What stands before the dot in X-Amz-Target."""
        return str(self._model.metadata["targetPrefix"])

    def input_shape(self, operation: str) -> StructureShape | None:
        """The shape of the request; None for an operation that takes nothing."""
        return self._operation(operation).input_shape

    def output_shape(self, operation: str) -> StructureShape | None:
        """The shape of the answer; None for an operation that says nothing but that it went well."""
        return self._operation(operation).output_shape

    def record_shape(self, resource: str) -> StructureShape:
        """The shape of what Search says of one resource."""
        record = self._model.shape_for("SearchRecord")
        shape = record.members[resource] if isinstance(record, StructureShape) else record
        if not isinstance(shape, StructureShape):
            raise TypeError(f"the model has no record of {resource}")
        return shape

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

    def _operation(self, name: str) -> OperationModel:
        """The two services have no operation of the same name."""
        model = self._sts if name in self._sts.operation_names else self._model
        return model.operation_model(name)

    def _dump_of(self, operation: str) -> Dump:
        if operation not in self._dumps:
            shape = self.output_shape(operation)
            self._dumps[operation] = dumper(shape) if shape is not None else lambda _: {}
        return self._dumps[operation]
