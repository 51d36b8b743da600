"""hello: the first app. Each function gets the caller's parameter and returns a JSON value."""
import fcntl
import os

from elves_app import App, Failure

app = App()


@app.function
def greet(param):
    name = (param or {}).get("name") or "world"
    return {"text": "hello " + name}


@app.function
def count(param):
    with open(os.path.join(app.call.state_dir, "count"), "a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        calls = int(file.read() or 0) + 1
        file.truncate(0)
        file.write(str(calls))
    return {"calls": calls}


@app.function
def refuse(param):
    raise Failure("no, on principle", asked=param)


app.main()
