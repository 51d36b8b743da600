"""The Elves worker protocol for Python 3.6 and later: copy this file into your app.

    from elves_app import App, Failure
    app = App()

    @app.function
    def greet(param):
        return {"text": "hello " + param.get("name", "world")}

    app.main()

A function gets the caller's parameter (any JSON value, None without one) and returns any JSON value.
Raise Failure to say no in your own words; any other exception is a broken worker, with its traceback on
standard error. Whatever is printed is kept as the task's output and is no part of the result.

app.call.files has the files that came with the call, name to path; app.call.return_file(path) gives one back.
"""
import json
import os
import shutil
import sys
import traceback

RESULT_DESCRIPTOR = 3


class Failure(Exception):
    """The function says no: a failed task with this text, and these fields beside it."""

    def __init__(self, text, **fields):
        Exception.__init__(self, text)
        self.text = text
        self.fields = fields


class Call(object):
    """What this call is about beside its parameter."""

    def __init__(self, request):
        self.task = request.get("task", "")
        self.app = request.get("app", "")
        self.function = request.get("function", "")
        self.timeout = request.get("timeout_ms", 0) / 1000.0
        self.state_dir = os.environ.get("ELVES_STATE_DIR", "")
        self.output_dir = os.environ.get("ELVES_OUTPUT_DIR", "")
        folder = os.environ.get("ELVES_FILES_DIR", "")
        self.files = {name: os.path.join(folder, name) for name in os.listdir(folder)} if folder else {}

    def output_path(self, name):
        """Where to write a file of that name that goes back to the caller."""
        if name in ("", ".", "..") or "/" in name:
            raise ValueError("a returned file has a plain name, without /: %r" % name)
        if not self.output_dir:
            raise ValueError("no files can be returned here: ELVES_OUTPUT_DIR is not set")
        return os.path.join(self.output_dir, name)

    def return_file(self, path, name=None):
        """Gives a copy of a file back to the caller, under its own or another name."""
        shutil.copy(path, self.output_path(name or os.path.basename(path)))


class App(object):
    def __init__(self):
        self.functions = {}
        self.call = None

    def function(self, body):
        """Makes a function callable under its own name; - in names is written _ in Python."""
        self.functions[body.__name__] = body
        return body

    def main(self):
        """Serves the one call this process was started for, and exits."""
        request = json.loads(sys.stdin.buffer.read().decode("utf-8") or "{}")
        self.call = Call(request)
        name = self.call.function
        body = self.functions.get(name) or self.functions.get(name.replace("-", "_"))
        if body is None:
            self.finish({"error": "no function %r; there are %s" % (name, ", ".join(sorted(self.functions)))}, 1)
        try:
            self.finish(body(request.get("param")), 0)
        except Failure as failure:
            self.finish(dict(failure.fields, error=failure.text), 1)
        except Exception:
            traceback.print_exc()
            sys.stdout.flush()
            sys.exit(70)

    def finish(self, value, code):
        data = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        sys.stdout.flush()
        with os.fdopen(RESULT_DESCRIPTOR, "wb") as result:
            result.write(data)
        sys.exit(code)
