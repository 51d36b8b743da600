SWIFT ?= swift
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SOURCES = Package.swift Sources Tests apps

# Debian packages: what is linked, what tests need as peers, and what the demo calls.
PACKAGES = build-essential pkg-config libsqlite3-dev libarchive-dev libsodium-dev \
	thrift-compiler libthrift-dev libboost-dev libevent-dev libssl-dev \
	python3 python3-venv curl ca-certificates procps iproute2 openssl

.PHONY: help deps python build agent demo test lint check generate baseline clean

help:
	@echo "make demo      install, build, start a center and an agent, run an app through the REST API"
	@echo "make test      install, build, lint, check the generated code, run every test"
	@echo "make build     everything, for development"
	@echo "make agent     the agent as one static file: .build-static/elves-agent"
	@echo "make generate  Swift from proto/*.thrift;  make check compares it with what is committed"

# The packages are asked for only when one is missing, so that a second run needs no network.
deps:
	@dpkg -s $(PACKAGES) >/dev/null 2>&1 || \
		{ $(SUDO) apt-get update -q && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -q $(PACKAGES); }

build: deps
	$(SWIFT) build

agent: deps
	.ci/build-agent

demo: build
	.ci/demo

# What tests want from PyPI: the judge of /openapi.json.
python: deps
	@[ -x .build/python/bin/openapi-spec-validator ] || \
		{ python3 -m venv .build/python && .build/python/bin/pip install -q openapi-spec-validator; }

test: deps python lint
	$(SWIFT) build --build-tests
	ELVES_GENERATOR="$$($(SWIFT) build --show-bin-path)/elves-thrift" $(MAKE) check
	SWIFT="$(SWIFT)" .ci/test

lint:
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)

# Swift from the IDL: proto/*.thrift → Sources/ElvesContracts and Sources/Thrift/Generated.
generate: deps
	SWIFT="$(SWIFT)" proto/generate.sh .

# Fails when generated Swift differs from its IDL, when the official compiler's other languages do not
# take an IDL, or when an IDL breaks what its last release promised.
check: deps
	SWIFT="$(SWIFT)" proto/check.sh

# At a release: what later IDL must stay compatible with.
baseline:
	rm -f proto/baseline/*.thrift
	cp proto/*.thrift proto/baseline/

clean:
	rm -rf .build .build-static
