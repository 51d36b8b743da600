"""A module of functions, as ELVES 2.0 apps are: each takes a dict and returns (flag, text)."""


def greet(param):
    return True, "hello " + param.get("name", "world")


def refuse(param):
    return False, "no, on principle"
