/// A worker in Python with the small SDK beside it, without any package.
enum PythonTemplate {
    static let files = [
        AppTemplate.File(path: "worker.py", text: worker),
        AppTemplate.File(path: "elves_app.py", text: sdk),
        AppTemplate.File(path: "test_worker.py", text: test),
    ]

    private static let worker = #"""
        """The functions of this app: each gets the caller's parameter and returns a JSON value."""
        from elves_app import App, Failure

        app = App()


        @app.function
        def greet(param):
            """Says hello to someone."""
            name = (param or {}).get("name", "world")
            if not isinstance(name, str):
                raise Failure("name should be a text")
            return {"text": "hello " + name}


        app.main()

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
            return json.loads(worker.stdout) if worker.stdout else None, worker.returncode


        class WorkerTest(unittest.TestCase):
            def test_greets_by_name(self):
                self.assertEqual(call("greet", {"name": "Ada"}), ({"text": "hello Ada"}, 0))

            def test_greets_the_world_without_a_name(self):
                self.assertEqual(call("greet", None), ({"text": "hello world"}, 0))

            def test_says_no_in_its_own_words(self):
                self.assertEqual(call("greet", {"name": 3}), ({"error": "name should be a text"}, 1))

            def test_a_broken_function_has_no_result(self):
                self.assertEqual(call("greet", [3]), (None, 70))


        if __name__ == "__main__":
            unittest.main()

        """#
}
