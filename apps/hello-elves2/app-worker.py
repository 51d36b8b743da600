"""Entry of an ELVES 2.0 app: python app-worker.py APP FUNCTION BASE64(PARAM).

Imports the app's module (APP.py beside this file), calls the function with the parameter (a dict) and
prints the two tags that the agent reads. Runs on Python 2.7 and 3.
"""
from __future__ import print_function

import base64
import importlib
import json
import os
import sys
import traceback


def tagged(flag, text):
    print("<ElvesWFlag>%s</ElvesWFlag>" % ("true" if flag else "false"))
    print("<ElvesWResult>%s</ElvesWResult>" % text)


def main(app, function, encoded):
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    text = base64.b64decode(encoded).decode("utf-8")
    param = json.loads(text) if text else {}
    body = getattr(importlib.import_module(app.replace("-", "_")), function, None)
    if body is None or function.startswith("_"):
        return tagged(False, "no function %s in %s" % (function, app))
    answer = body(param)
    # A function answers with (flag, text), or with text alone, which means true.
    flag, text = answer if isinstance(answer, tuple) else (True, answer)
    tagged(flag, text if isinstance(text, str) else json.dumps(text))


if __name__ == "__main__":
    try:
        main(*(sys.argv[1:4] + [""] * 3)[:3])
    except Exception:
        traceback.print_exc()
        sys.exit(1)
