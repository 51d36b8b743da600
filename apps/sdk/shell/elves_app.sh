# The Elves worker protocol for POSIX shells: copy this file into your app and write
#
#     . "$(dirname "$0")/elves_app.sh"
#     greet() { elves_text "hello $(elves_param name world)"; }
#     elves_main greet
#
# `elves_main` names the functions that may be called and calls the one that is asked for; - in a name is
# written _ here. Standard output and error are kept as the task's output and are no part of the result.
# Reading parameters takes python3 or jq; without both, use $ELVES_REQUEST, the JSON as it came.
# Files that came with the call are found by `elves_file NAME`; `elves_return PATH [NAME]` gives one back.

ELVES_REQUEST=$(cat)

# elves_param NAME [DEFAULT]: a field of the parameter, or the default. No NAME (""): the whole parameter.
elves_param() {
    if command -v jq >/dev/null 2>&1; then
        printf '%s' "$ELVES_REQUEST" | jq -r --arg n "$1" --arg d "${2-}" '
            .param | if $n == "" then . else (if type == "object" then .[$n] else null end) end
            | if . == null then $d elif type == "string" then . else tojson end'
    else
        printf '%s' "$ELVES_REQUEST" | python3 -c '
import json, sys
p = json.load(sys.stdin).get("param")
if sys.argv[1]:
    p = p.get(sys.argv[1]) if isinstance(p, dict) else None
print(sys.argv[2] if p is None else p if isinstance(p, str) else json.dumps(p))' "$1" "${2-}"
    fi
}

# elves_quote TEXT: the text as a JSON string.
elves_quote() {
    printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' | awk 'BEGIN { ORS = ""; print "\"" }
        NR > 1 { print "\\n" }
        { gsub(/\t/, "\\\\t"); gsub(/\r/, "\\\\r"); gsub(/[\001-\037]/, "?"); print }
        END { print "\"" }'
}

# elves_result JSON: the result, as JSON text.
elves_result() { printf '%s' "$1" >&3; }

# elves_text TEXT: the result {"text": TEXT}.
elves_text() { elves_result "{\"text\":$(elves_quote "$1")}"; }

# elves_fail TEXT: says no, and ends the worker.
elves_fail() {
    elves_result "{\"error\":$(elves_quote "$1")}"
    exit 1
}

# elves_file NAME: the path of a file that came with the call; fails when there is none of that name.
elves_file() {
    [ -n "${ELVES_FILES_DIR-}" ] && [ -f "$ELVES_FILES_DIR/$1" ] && printf '%s' "$ELVES_FILES_DIR/$1"
}

# elves_return PATH [NAME]: gives a copy of a file back to the caller, under its own or another name.
elves_return() {
    elves_name=${2-$(basename "$1")}
    case $elves_name in '' | . | .. | */*)
        echo "elves_return: a returned file has a plain name, without /: $elves_name" >&2
        return 1
        ;;
    esac
    cp -- "$1" "${ELVES_OUTPUT_DIR:?no files can be returned here}/$elves_name"
}

# elves_main NAME...: calls the function that is asked for, if it is among the names.
elves_main() {
    for elves_name in "$@"; do
        if [ "$elves_name" = "$ELVES_FUNCTION" ]; then
            "$(printf '%s' "$elves_name" | tr - _)"
            exit
        fi
    done
    elves_fail "no function \"$ELVES_FUNCTION\"; there are $*"
}
