#!/usr/bin/env bash
# Fails when generated Swift is not what its IDL gives, when a language's generator does not take an IDL, when
# what it makes is no C++ or no Python, or when an IDL breaks what proto/baseline (the last released IDL) promised.
set -euo pipefail
cd "$(dirname "$0")/.."

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

proto/generate.sh "$fresh"
for folder in Sources/Thrift/Generated Sources/ElvesContracts Tests/ConformanceTests/Generated; do
    [ -d "$folder" ] || continue
    diff -ru "$folder" "$fresh/$folder" || {
        echo "check: $folder is not what its IDL gives: run make generate and commit the result" >&2
        exit 1
    }
done

for idl in proto/*.thrift Tests/ConformanceTests/fixtures/*.thrift; do
    [ -e "$idl" ] || continue
    # ELVES 2.0 has services of the same names as ours.
    case $idl in proto/elves2.thrift) part=elves2 ;; *) part=elves ;; esac
    for language in cpp py java; do
        mkdir -p "$fresh/$language/$part"
        thrift -strict --gen "$language" -o "$fresh/$language/$part" "$idl" > "$fresh/log" 2>&1 || {
            cat "$fresh/log" >&2
            echo "check: thrift --gen $language does not take $idl" >&2
            exit 1
        }
    done
done

for part in elves elves2; do
    folder=$fresh/cpp/$part/gen-cpp
    for source in "$folder"/*.cpp; do
        [[ $source = *.skeleton.cpp ]] || echo "#include \"$source\""
    done > "$fresh/$part.cpp"
    g++ -std=c++17 -fsyntax-only -I "$folder" "$fresh/$part.cpp" > "$fresh/log" 2>&1 || {
        cat "$fresh/log" >&2
        echo "check: the C++ that thrift makes of $part does not compile" >&2
        exit 1
    }
done
python3 -m compileall -q "$fresh/py" > "$fresh/log" 2>&1 || {
    cat "$fresh/log" >&2
    echo "check: the Python that thrift makes does not compile" >&2
    exit 1
}

for released in proto/baseline/*.thrift; do
    idl=proto/$(basename "$released")
    [ -e "$idl" ] || { echo "check: $idl is gone, but released" >&2; exit 1; }
    thrift --audit "$released" "$idl" > "$fresh/log" 2>&1 || {
        cat "$fresh/log" >&2
        echo "check: $idl breaks what $released promised" >&2
        exit 1
    }
done
echo "check: generated code, IDL and compatibility are well"
