#!/usr/bin/env bash
# build.sh FOLDER: makes the peers of the conformance tests in FOLDER, unless they are there already.
#   FOLDER/codec, FOLDER/calls    C++ programs over libthrift
#   FOLDER/venv, FOLDER/gen-py    Python with thrift from PyPI, and the generated modules
#   FOLDER/gen-xml                the fixtures as the compiler parsed them
# `make deps` installs what this needs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1
python_thrift=0.25.0

mkdir -p "$out"
exec 9> "$out/.lock"
flock 9
wanted=$(cat "$here"/build.sh "$here"/cpp/* "$here"/../fixtures/* <(thrift --version) | sha256sum)
[ "$(cat "$out/.made" 2> /dev/null || true)" = "$wanted" ] && exit 0
rm -f "$out/.made"

for language in cpp py xml:merge; do
    thrift --gen "$language" -o "$out" "$here/../fixtures/everything.thrift" > "$out/thrift.log" 2>&1 ||
        { cat "$out/thrift.log" >&2; exit 1; }
done

generated=$out/gen-cpp
objects=()
for source in everything_types everything_constants Base Peer; do
    g++ -std=c++17 -O1 -c "$generated/$source.cpp" -o "$out/$source.o" &
    objects+=("$out/$source.o")
    wait -n $! || exit 1
done
for program in codec calls; do
    [ -e "$here/cpp/$program.cpp" ] || continue
    g++ -std=c++17 -O1 -I "$generated" "$here/cpp/$program.cpp" "${objects[@]}" \
        -o "$out/$program" -lthrift -lthriftnb -levent -lpthread
done

if [ ! -e "$out/venv/bin/pip" ]; then
    python=$([ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import ensurepip' 2> /dev/null &&
        echo /usr/bin/python3 || echo python3)
    "$python" -m venv "$out/venv"
fi
"$out/venv/bin/pip" install --quiet --disable-pip-version-check "thrift==$python_thrift" ||
    { echo "cannot install thrift $python_thrift from PyPI" >&2; exit 1; }
echo "$wanted" > "$out/.made"
