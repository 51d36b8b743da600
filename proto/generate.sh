#!/usr/bin/env bash
# generate.sh OUT: makes Swift of every IDL under OUT (the repository's root, or a folder to compare with).
# ELVES_GENERATOR: the generator, when it is built already; a build of one product plans all the others anew.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
out=$1
swift=${SWIFT:-swift}
cd "$root"

parsed=$(mktemp -d)
trap 'rm -rf "$parsed"' EXIT
for idl in proto/*.thrift Tests/ConformanceTests/fixtures/*.thrift; do
    [ -e "$idl" ] || continue
    # Its warnings are about other languages.
    thrift --gen xml:merge -o "$parsed" "$idl" > "$parsed/log" 2>&1 || { cat "$parsed/log" >&2; exit 1; }
done

generator=${ELVES_GENERATOR:-}
if [ -z "$generator" ]; then
    $swift build --product elves-thrift >&2
    generator=$($swift build --show-bin-path)/elves-thrift
fi
contracts=()
for idl in proto/*.thrift; do
    name=$(basename "$idl" .thrift)
    [ "$name" = channel ] || contracts+=(--xml "$parsed/gen-xml/$name.xml")
done
# The runtime speaks channel.thrift itself, so its Swift is part of the runtime's module.
"$generator" --xml "$parsed/gen-xml/channel.xml" --out "$out/Sources/Thrift/Generated"
# ELVES 2.0's services are called, never served: its methods name no roles.
"$generator" "${contracts[@]}" --module-import Thrift --without-roles elves2 --out "$out/Sources/ElvesContracts"
if [ -e "$parsed/gen-xml/everything.xml" ]; then
    "$generator" --xml "$parsed/gen-xml/everything.xml" --module-import Thrift \
        --out "$out/Tests/ConformanceTests/Generated"
fi
