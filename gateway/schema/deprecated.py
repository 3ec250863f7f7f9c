"""What a document uses that the schema has marked as deprecated: by its names in the schema, never by the caller's."""

from graphql import (
    ArgumentNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    visit,
)


def deprecated_in(schema: GraphQLSchema, document: DocumentNode) -> tuple[str, ...]:
    """What is deprecated in a valid document: `Type.field`, `Type.field(argument:)`, `Enum.VALUE`.

    A value that comes in a variable is not seen.
    """
    types = TypeInfo(schema)
    finder = _Finder(types)
    visit(document, TypeInfoVisitor(types, finder))
    return tuple(sorted(finder.found))


class _Finder(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self._field = ""
        self.found: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, field = self._types.get_parent_type(), self._types.get_field_def()
        self._field = f"{'' if parent is None else parent.name}.{node.name.value}"
        if field is not None and field.deprecation_reason is not None:
            self.found.add(self._field)

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        argument = self._types.get_argument()
        if argument is not None and argument.deprecation_reason is not None and self._types.get_directive() is None:
            self.found.add(f"{self._field}({node.name.value}:)")

    def enter_enum_value(self, node: EnumValueNode, *_: object) -> None:
        value, of = self._types.get_enum_value(), get_named_type(self._types.get_input_type())
        if value is not None and of is not None and value.deprecation_reason is not None:
            self.found.add(f"{of.name}.{node.value}")
