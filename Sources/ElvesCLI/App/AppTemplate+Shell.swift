/// A worker in POSIX shell.
enum ShellTemplate {
    static let files = [
        AppTemplate.File(path: "worker.sh", text: worker),
        AppTemplate.File(path: "test.sh", text: test),
    ]

    private static let worker = #"""
        # The functions of this app. See README.md for how a worker is started and answers.
        set -eu
        request=$(cat)

        # The text of a member of the parameter, where it holds no quotes and no backslashes.
        # For anything richer, use jq: printf '%s' "$request" | jq -r .param.name
        text_of() {
            printf '%s' "$request" | sed -n 's/.*"param":{.*"'"$1"'" *: *"\([^"\\]*\)".*/\1/p'
        }

        greet() {
            name=$(text_of name)
            printf '{"text": "hello %s"}' "${name:-world}" >&3
        }

        case $ELVES_FUNCTION in
            greet) greet ;;
            *)
                printf '{"error": "no function %s"}' "$ELVES_FUNCTION" >&3
                exit 1
                ;;
        esac

        """#

    private static let test = #"""
        # Starts the worker as an agent does.
        set -u
        cd "$(dirname "$0")" || exit 1
        failures=0

        # expect FUNCTION PARAM RESULT
        expect() {
            request='{"app":"test","function":"'"$1"'","param":'"$2"',"timeout_ms":0}'
            result=$(printf '%s' "$request" | ELVES_FUNCTION=$1 sh worker.sh 3>&1 >&2)
            if [ "$result" = "$3" ]; then
                echo "ok   $1 $2"
            else
                echo "FAIL $1 $2: $result, not $3"
                failures=$((failures + 1))
            fi
        }

        expect greet '{"name":"Ada"}' '{"text": "hello Ada"}'
        expect greet null '{"text": "hello world"}'
        expect nope null '{"error": "no function nope"}'
        exit "$failures"

        """#
}
