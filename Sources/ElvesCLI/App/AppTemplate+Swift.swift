/// A worker in Swift: one file, built by `make` into one program that is part of the package.
enum SwiftTemplate {
    static let files = [
        AppTemplate.File(path: "worker.swift", text: worker),
        AppTemplate.File(path: "Makefile", text: makefile),
        AppTemplate.File(path: ".elvesignore", text: "worker.swift\nMakefile\ntest.sh\n"),
        AppTemplate.File(path: "test.sh", text: test),
    ]

    private static let worker = #"""
        // The functions of this app. See README.md for how a worker is started and answers.
        import Foundation

        struct Request<Param: Decodable>: Decodable {
            var function: String
            var param: Param?
        }

        struct Problem: Error, Encodable {
            var error: String
        }

        struct Greeting: Codable {
            var name: String?
        }

        func greet(_ param: Greeting?) -> [String: String] {
            ["text": "hello \(param?.name ?? "world")"]
        }

        func answer(_ value: some Encodable, exitCode: Int32) -> Never {
            let data = (try? JSONEncoder().encode(value)) ?? Data("null".utf8)
            FileHandle(fileDescriptor: 3).write(data)
            exit(exitCode)
        }

        do {
            let input = FileHandle.standardInput.readDataToEndOfFile()
            let request = try JSONDecoder().decode(Request<Greeting>.self, from: input)
            switch request.function {
            case "greet": answer(greet(request.param), exitCode: 0)
            default: throw Problem(error: "no function \(request.function)")
            }
        } catch let problem as Problem {
            answer(problem, exitCode: 1)
        } catch {
            answer(Problem(error: "\(error)"), exitCode: 1)
        }

        """#

    private static let makefile = """
        worker: worker.swift
        \tswiftc -O -static-stdlib -Xlinker -s worker.swift -o worker

        test: worker
        \tsh test.sh

        .PHONY: test

        """

    private static let test = #"""
        # Starts the worker as an agent does.
        set -u
        cd "$(dirname "$0")" || exit 1
        failures=0

        # expect FUNCTION PARAM RESULT
        expect() {
            result=$(printf '{"function":"%s","param":%s}' "$1" "$2" | ./worker 3>&1 >&2)
            if [ "$result" = "$3" ]; then
                echo "ok   $1 $2"
            else
                echo "FAIL $1 $2: $result, not $3"
                failures=$((failures + 1))
            fi
        }

        expect greet '{"name":"Ada"}' '{"text":"hello Ada"}'
        expect greet null '{"text":"hello world"}'
        expect nope null '{"error":"no function nope"}'
        exit "$failures"

        """#
}
