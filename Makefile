SWIFT ?= swift

.PHONY: generate check baseline

# Swift from the IDL: proto/*.thrift → Sources/ElvesContracts and Sources/Thrift/Generated.
generate:
	SWIFT="$(SWIFT)" proto/generate.sh .

# Fails when generated Swift differs from its IDL, when the official compiler's other languages do not
# take an IDL, or when an IDL breaks what its last release promised.
check:
	SWIFT="$(SWIFT)" proto/check.sh

# At a release: what later IDL must stay compatible with.
baseline:
	rm -f proto/baseline/*.thrift
	cp proto/*.thrift proto/baseline/
