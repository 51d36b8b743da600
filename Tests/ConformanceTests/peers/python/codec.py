"""Python's thrift as a peer of the codec tests: `decode`, `default` and `constant` of cpp/codec.cpp."""
import sys

sys.path.insert(0, sys.argv[1])

from thrift.protocol.TBinaryProtocol import TBinaryProtocol  # noqa: E402
from thrift.protocol.TCompactProtocol import TCompactProtocol  # noqa: E402
from thrift.transport.TTransport import TMemoryBuffer  # noqa: E402

from everything import constants, ttypes  # noqa: E402
from thrift.Thrift import TType  # noqa: E402

PROTOCOLS = {"binary": TBinaryProtocol, "compact": TCompactProtocol}


def decode(name, source, target, data=""):
    value = getattr(ttypes, name)()
    buffer = TMemoryBuffer(bytes.fromhex(data))
    # Exceptions are immutable: their read gives a new one.
    value = value.read(PROTOCOLS[source](buffer)) or value
    if buffer.read(1):
        raise ValueError("bytes left")
    out = TMemoryBuffer()
    value.write(PROTOCOLS[target](out))
    return out.getvalue().hex()


def default(name, target):
    out = TMemoryBuffer()
    getattr(ttypes, name)().write(PROTOCOLS[target](out))
    return out.getvalue().hex()


# What the IDL says of each constant: its type, then those of its elements.
CONSTANTS = {
    "ANSWER": (TType.I32,), "SMALLEST": (TType.I64,), "HALF": (TType.DOUBLE,), "GREETING": (TType.STRING,),
    "LABELS": (TType.LIST, TType.STRING), "NUMBERS": (TType.MAP, TType.STRING, TType.I32),
    "PRIMES": (TType.SET, TType.I32), "FAVOURITE": (TType.I32,)}


def constant(name, target):
    value = getattr(constants, name)
    kind, *inner = CONSTANTS[name]
    buffer = TMemoryBuffer()
    out = PROTOCOLS[target](buffer)
    write = {TType.I32: out.writeI32, TType.I64: out.writeI64, TType.DOUBLE: out.writeDouble,
             TType.STRING: out.writeString}
    out.writeStructBegin("")
    out.writeFieldBegin("", kind, 1)
    if kind == TType.LIST:
        out.writeListBegin(inner[0], len(value))
        for item in value:
            write[inner[0]](item)
        out.writeListEnd()
    elif kind == TType.SET:
        out.writeSetBegin(inner[0], len(value))
        for item in value:
            write[inner[0]](item)
        out.writeSetEnd()
    elif kind == TType.MAP:
        out.writeMapBegin(*inner, len(value))
        for key, item in value.items():
            write[inner[0]](key)
            write[inner[1]](item)
        out.writeMapEnd()
    else:
        write[kind](value)
    out.writeFieldEnd()
    out.writeFieldStop()
    out.writeStructEnd()
    return buffer.getvalue().hex()


COMMANDS = {"decode": decode, "default": default, "constant": constant}


def main():
    for line in sys.stdin:
        command, *rest = line.split()
        try:
            answer = "ok " + COMMANDS[command](*rest)
        except Exception as error:
            answer = "error " + repr(error).replace("\n", " ")
        print(answer, flush=True)


main()
