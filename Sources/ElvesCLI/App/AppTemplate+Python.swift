/// A worker in Python, without any package.
enum PythonTemplate {
    static let files = [
        AppTemplate.File(path: "worker.py", text: worker),
        AppTemplate.File(path: "test_worker.py", text: test),
    ]

    private static let worker = #"""
        """The functions of this app. See README.md for how a worker is started and answers."""
        import json
        import os
        import sys


        def greet(param):
            """Says hello to someone."""
            name = (param or {}).get("name", "world")
            return {"text": "hello " + name}


        FUNCTIONS = {"greet": greet}


        def main():
            request = json.load(sys.stdin)
            try:
                result, code = FUNCTIONS[request["function"]](request["param"]), 0
            except Exception as error:
                result, code = {"error": "%s: %s" % (type(error).__name__, error)}, 1
            with os.fdopen(3, "w") as answer:
                json.dump(result, answer)
            return code


        if __name__ == "__main__":
            sys.exit(main())

        """#

    private static let test = #"""
        """Starts the worker as an agent does."""
        import json
        import os
        import subprocess
        import sys
        import unittest

        WORKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "worker.py")


        def call(function, param):
            """The worker's result and exit code."""
            request = json.dumps({"app": "test", "function": function, "param": param, "timeout_ms": 0})
            command = ["sh", "-c", 'exec "$0" "$1" 3>&1 >&2', sys.executable, WORKER]
            worker = subprocess.run(command, input=request.encode(), stdout=subprocess.PIPE)
            return json.loads(worker.stdout), worker.returncode


        class WorkerTest(unittest.TestCase):
            def test_greets_by_name(self):
                self.assertEqual(call("greet", {"name": "Ada"}), ({"text": "hello Ada"}, 0))

            def test_greets_the_world_without_a_name(self):
                self.assertEqual(call("greet", None), ({"text": "hello world"}, 0))

            def test_says_why_it_failed(self):
                result, code = call("greet", {"name": 3})
                self.assertEqual(code, 1)
                self.assertIn("TypeError", result["error"])


        if __name__ == "__main__":
            unittest.main()

        """#
}
