"""config-file: puts a file in place.

The new file is checked beside the old one and takes its name in one step, so whoever reads it sees the old or the
new, never half of one. The old file goes back to the caller and stays in the state folder for `rollback`.
"""
import fcntl
import hashlib
import os
import shutil
import subprocess

from elves_app import App, Failure

app = App()


@app.function
def put(param):
    path = place(param)
    with Lock():
        new = beside(path, source(param))
        try:
            set_mode(new, path, param.get("mode"))
            run(param.get("check"), new, "the check refused the new file")
            before = digest(path)
            after = digest(new)
            if before == after and mode(path) == mode(new):
                return {"path": path, "changed": False, "digest": after}
            give_back(path)
            keep(path)
            settle(new, path)
        finally:
            remove(new)
        reload_or_undo(param, path)
    return {"path": path, "changed": True, "digest": after, "before": before}


@app.function
def rollback(param):
    path = place(param)
    with Lock():
        kept = kept_place(path)
        if not os.path.exists(kept) and not os.path.exists(kept + ".absent"):
            raise Failure("nothing to go back to: this app has not changed %s" % path, path=path)
        give_back(path)
        restore(path)
        run(param.get("reload"), path, "the old file is back, but the reload failed")
    return {"path": path, "digest": digest(path)}


@app.function
def show(param):
    path = place(param)
    if not os.path.isfile(path):
        raise Failure("there is no file %s" % path, path=path)
    give_back(path)
    return {"path": path, "digest": digest(path), "mode": "%04o" % mode(path)}


class Lock(object):
    """One call at a time: two that change a file at once would lose one of the old ones."""

    def __enter__(self):
        self.file = open(os.path.join(app.call.state_dir, "lock"), "w")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_):
        self.file.close()


def place(param):
    path = (param or {}).get("path") or ""
    if not os.path.isabs(path) or os.path.normpath(path) != path:
        raise Failure('"path" is an absolute path without . or .., such as /etc/nginx/nginx.conf', path=path)
    # The file that a link points to is replaced, not the link.
    path = os.path.realpath(path)
    if os.path.exists(path) and not os.path.isfile(path):
        raise Failure("%s is no regular file" % path, path=path)
    if not os.path.isdir(os.path.dirname(path)):
        raise Failure("there is no folder %s" % os.path.dirname(path), path=path)
    return path


def source(param):
    files = app.call.files
    name = param.get("file")
    if name is not None and name not in files:
        raise Failure("no file %r came with the call; there are: %s" % (name, ", ".join(sorted(files)) or "none"))
    if name is None and len(files) != 1:
        raise Failure('%d files came with the call; bring one, or say which by "file"' % len(files))
    return files[name] if name is not None else list(files.values())[0]


def beside(path, new):
    """The new content on the disk of the old, so that it can take its name in one step."""
    other = os.path.join(os.path.dirname(path), ".%s.elves-%s" % (os.path.basename(path), app.call.task))
    shutil.copyfile(new, other)
    return other


def set_mode(new, path, wanted):
    try:
        bits = int(wanted, 8) if wanted else mode(path) if os.path.exists(path) else 0o644
    except ValueError:
        raise Failure('"mode" is permissions in octal, such as "0640"', mode=wanted)
    if os.path.exists(path):
        was = os.stat(path)
        if (was.st_uid, was.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(new, was.st_uid, was.st_gid)
    os.chmod(new, bits & 0o7777)


def settle(new, path):
    with open(new, "rb") as file:
        os.fsync(file.fileno())
    os.rename(new, path)
    folder = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def run(command, path, trouble):
    if not command:
        return
    words = [path if word == "{}" else word for word in command]
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as error:
        raise Failure("%s: cannot run %s: %s" % (trouble, words[0], error.strerror), command=words)
    print(done.stdout.decode("utf-8", "replace"), end="")
    if done.returncode != 0:
        raise Failure("%s: %s ended with %d" % (trouble, words[0], done.returncode), command=words)


def reload_or_undo(param, path):
    try:
        run(param.get("reload"), path, "the reload failed")
    except Failure as failure:
        restore(path)
        raise Failure(failure.text + "; the old file is back", path=path)


def kept_place(path):
    name = hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()
    return os.path.join(app.call.state_dir, name)


def keep(path):
    """The old file, or that there was none."""
    kept = kept_place(path)
    remove(kept + ".absent")
    if os.path.exists(path):
        shutil.copy2(path, kept + ".new")
        os.rename(kept + ".new", kept)
    else:
        remove(kept)
        open(kept + ".absent", "w").close()


def restore(path):
    kept = kept_place(path)
    if os.path.exists(kept):
        old = beside(path, kept)
        set_mode(old, path, "%o" % mode(kept))
        settle(old, path)
        os.unlink(kept)
    else:
        remove(path)
        remove(kept + ".absent")


def give_back(path):
    if os.path.isfile(path):
        app.call.return_file(path)


def digest(path):
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def mode(path):
    return os.stat(path).st_mode & 0o7777 if os.path.exists(path) else None


def remove(path):
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


app.main()
