"""Python's thrift as a peer of the codec tests: the `decode` command of cpp/codec.cpp."""
import sys

sys.path.insert(0, sys.argv[1])

from thrift.protocol.TBinaryProtocol import TBinaryProtocol  # noqa: E402
from thrift.protocol.TCompactProtocol import TCompactProtocol  # noqa: E402
from thrift.transport.TTransport import TMemoryBuffer  # noqa: E402

from everything import ttypes  # noqa: E402

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


def main():
    for line in sys.stdin:
        command, *rest = line.split()
        try:
            if command != "decode":
                raise ValueError(f"no command {command}")
            answer = "ok " + decode(*rest)
        except Exception as error:
            answer = "error " + repr(error).replace("\n", " ")
        print(answer, flush=True)


main()
