"""What is asked of OpenTelemetry itself. Imported where spans are wanted: it needs the extra `otel`."""

from collections.abc import Callable, Mapping

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_SERVICE = "tuning.v1.TuningJobs"
_TYPES = frozenset({"query", "mutation", "subscription"})
_ANSWERS = frozenset({"OK", "NotFound", "StopRefused", "TokenRefused"})  # of AWS; the others are failures


def exporting() -> TracerProvider:
    """A provider that sends spans, in batches and from a thread of its own, as the OTEL_… variables say."""
    ours = Resource({"service.name": "tuning-gateway"})
    provider = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


class Tracing:
    """Begins spans and ends them, in the words of OpenTelemetry's semantic conventions."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("gateway")
        self._propagator = TraceContextTextMapPropagator()

    def of_caller(self, header: Callable[[str], str | None]) -> Context:
        """The caller's span, from its W3C headers; empty where it has none."""
        given = {name: value for name in ("traceparent", "tracestate") if (value := header(name)) is not None}
        return self._propagator.extract(given, Context())

    def within(self, span: Span) -> Context:
        """What is inside a span."""
        return set_span_in_context(span, Context())

    def headers_of(self, span: Span) -> Mapping[str, str]:
        """W3C's headers for whoever is asked within a span."""
        headers = dict[str, str]()
        self._propagator.inject(headers, self.within(span))
        return headers

    def request(self, request_id: str, parent: Context | None) -> Span:
        """The span of a request that begins."""
        return self._tracer.start_span(
            "GraphQL Operation",  # the conventions' name while it is not known which
            Context() if parent is None else parent,
            SpanKind.SERVER,
            {"gateway.request_id": request_id},
        )

    def answered(
        self, span: Span, operation: str, name: str | None, outcome: str, status: int | str, *, at_fault: bool
    ) -> None:
        """A request's span ends. A caller's own mistake is no error of the server's."""
        if operation == "rpc":
            # The conventions' word for a method that there is not: callers make up names without end.
            method = "_OTHER" if outcome == "UNIMPLEMENTED" else name or ""
            span.update_name(f"{_SERVICE}/{method}")
            span.set_attributes({"rpc.system": "grpc", "rpc.service": _SERVICE, "rpc.method": method})
            span.set_attribute("rpc.response.status_code", status)
        else:
            if operation in _TYPES:
                span.update_name(operation)
                span.set_attribute("graphql.operation.type", operation)
            if name is not None:
                span.set_attribute("graphql.operation.name", name)
            span.set_attribute("http.response.status_code", status)
        self._ended(span, outcome, failed=at_fault, well=outcome == "OK")

    def call(self, operation: str, region: str, parent: Context | None) -> Span:
        """The span of a call to AWS that begins."""
        return self._tracer.start_span(
            f"SageMaker.{operation}",
            Context() if parent is None else parent,
            SpanKind.CLIENT,
            {"rpc.system": "aws-api", "rpc.service": "SageMaker", "rpc.method": operation, "cloud.region": region},
        )

    def returned(self, span: Span, outcome: str) -> None:
        """The span of a call to AWS ends."""
        self._ended(span, outcome, failed=outcome not in _ANSWERS, well=outcome == "OK")

    def _ended(self, span: Span, outcome: str, *, failed: bool, well: bool) -> None:
        if not well:
            span.set_attribute("error.type", outcome)
        if failed:
            span.set_status(StatusCode.ERROR, outcome)
        span.end()
