SWIFT ?= swift
GENERATOR = $(SWIFT) run elves-thrift

.PHONY: generate check

# Swift from the IDL: proto/*.thrift → Sources/ElvesContracts and Sources/Thrift/Generated.
generate:
	proto/generate.sh .

# Fails when generated Swift differs from its IDL, when the official compiler's other languages do not
# take an IDL, or when an IDL breaks what its last release promised.
check:
	proto/check.sh
