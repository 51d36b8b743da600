"""python3 test_worker.py: runs the worker as an agent does, with files of its own."""
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

WORKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "worker.py")


def read(path):
    with open(path) as file:
        return file.read()


class ConfigFile(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)
        os.mkdir(os.path.join(self.root, "state"))
        self.path = os.path.join(self.root, "app.conf")
        self.returned = {}

    def call(self, function, files=None, **param):
        folders = {name: tempfile.mkdtemp(dir=self.root) for name in ("in", "out")}
        for name, text in (files or {}).items():
            with open(os.path.join(folders["in"], name), "w") as file:
                file.write(text)
        environment = dict(
            os.environ, ELVES_STATE_DIR=os.path.join(self.root, "state"), ELVES_OUTPUT_DIR=folders["out"],
            ELVES_FILES_DIR=folders["in"])
        request = {"task": "01", "app": "config-file", "function": function, "param": dict({"path": self.path}, **param)}
        result = os.path.join(self.root, "result")
        worker = subprocess.run(
            ["sh", "-c", 'exec "$0" "$1" 3>"$2"', sys.executable, WORKER, result], env=environment,
            input=json.dumps(request).encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.code = worker.returncode
        self.returned = {name: read(os.path.join(folders["out"], name)) for name in os.listdir(folders["out"])}
        text = read(result)
        self.assertTrue(text, worker.stderr.decode())
        return json.loads(text)

    def text(self):
        return read(self.path)

    def test_puts_and_gives_the_old_one_back(self):
        self.assertTrue(self.call("put", {"a": "one"})["changed"])
        self.assertEqual((self.text(), self.returned), ("one", {}))
        os.chmod(self.path, 0o640)
        answer = self.call("put", {"a": "two"})
        self.assertEqual((self.text(), self.returned), ("two", {"app.conf": "one"}))
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o640)
        self.assertNotEqual(answer["digest"], answer["before"])
        self.assertFalse(self.call("put", {"a": "two"})["changed"])
        self.assertEqual(os.listdir(self.root).count("app.conf"), 1)

    def test_goes_back(self):
        self.call("put", {"a": "one"})
        self.call("put", {"a": "two"}, mode="0600")
        self.call("rollback")
        self.assertEqual((self.text(), self.returned), ("one", {"app.conf": "two"}))
        self.assertIn("nothing to go back to", self.call("rollback")["error"])
        os.unlink(self.path)
        self.call("put", {"a": "one"})
        self.call("rollback")
        self.assertFalse(os.path.exists(self.path))

    def test_a_check_that_fails_changes_nothing(self):
        self.call("put", {"a": "good"})
        answer = self.call("put", {"a": "bad"}, check=["grep", "-q", "good", "{}"])
        self.assertEqual((self.code, self.text()), (1, "good"))
        self.assertIn("the check refused", answer["error"])
        self.assertTrue(self.call("put", {"a": "good too"}, check=["grep", "-q", "good", "{}"])["changed"])
        self.assertFalse([name for name in os.listdir(self.root) if name.startswith(".app.conf")])

    def test_a_reload_that_fails_brings_the_old_file_back(self):
        self.call("put", {"a": "one"})
        answer = self.call("put", {"a": "two"}, reload=["false"])
        self.assertEqual((self.code, self.text()), (1, "one"))
        self.assertIn("the old file is back", answer["error"])
        self.assertIn("cannot run", self.call("put", {"a": "two"}, reload=["/no/such"])["error"])

    def test_says_what_it_wants(self):
        for files, param, word in [
            ({}, {}, "0 files"), ({"a": "", "b": ""}, {}, "2 files"), ({"a": ""}, {"file": "b"}, "there are: a"),
            ({"a": ""}, {"path": "app.conf"}, "absolute"), ({"a": ""}, {"path": "/no/such/folder/x"}, "no folder"),
            ({"a": ""}, {"path": self.root}, "no regular file"), ({"a": ""}, {"mode": "rw"}, "octal"),
        ]:
            self.assertIn(word, self.call("put", files, **param)["error"])

    def test_shows(self):
        self.call("put", {"a": "one", "b": "two"}, file="b", mode="0600")
        self.assertEqual(self.call("show")["mode"], "0600")
        self.assertEqual(self.returned, {"app.conf": "two"})


if __name__ == "__main__":
    unittest.main()
