"""Python's thrift as a peer of the tests over sockets; as cpp/calls.cpp, with the same words."""
import math
import os
import sys
import threading

sys.path.insert(0, sys.argv[1])

from thrift.Thrift import TApplicationException  # noqa: E402
from thrift.TMultiplexedProcessor import TMultiplexedProcessor  # noqa: E402
from thrift.protocol.TBinaryProtocol import TBinaryProtocolFactory  # noqa: E402
from thrift.protocol.TCompactProtocol import TCompactProtocolFactory  # noqa: E402
from thrift.protocol.TMultiplexedProtocol import TMultiplexedProtocol  # noqa: E402
from thrift.server.TServer import TThreadedServer  # noqa: E402
from thrift.transport.TSocket import TServerSocket, TSocket  # noqa: E402
from thrift.transport.TTransport import TFramedTransport, TFramedTransportFactory  # noqa: E402

from everything import Peer  # noqa: E402
from everything.ttypes import (  # noqa: E402
    Choice, Color, Containers, Defaults, Empty, Everything, Newer, Node, Nope, Numbered, Older, Oops, Optionals,
    Scalars, Words)

FACTORIES = {"binary": TBinaryProtocolFactory, "compact": TCompactProtocolFactory}


class Handler:
    def __init__(self):
        self.count = 0

    def ping(self):
        pass

    def echo(self, everything):
        return everything

    def sum(self, numbers, plus):
        total = (sum(numbers) + plus) & 0xFFFFFFFFFFFFFFFF
        return total - (1 << 64) if total >> 63 else total

    def concat(self, left, right):
        return left + right

    def reversed(self, data):
        return data[::-1]

    def choices(self, colors):
        return {str(int(color)): Choice(color=color) for color in colors}

    def fail(self, how):
        if how == 1:
            raise Oops(why="tôld so", number=11)
        if how == 2:
            raise Nope(color=Color.DARK_BLUE)
        if how == 3:
            raise RuntimeError("undeclared")
        return how

    def failVoid(self, really):
        if really:
            raise Oops(why="", number=0)

    def tell(self, number):
        self.count += number

    def told(self):
        return self.count

    def names(self, *numbers):
        return sum(numbers)

    def shorten(self, newer):
        return Older(kept=newer.kept, last=newer.last)


def check(holds, what):
    if not holds:
        raise AssertionError(what)


def sample():
    return Everything(
        scalars=Scalars(
            yes=True, tiny=-128, small=-32768, medium=-(1 << 31), large=-(1 << 63), real=-0.0, text="grüße 🐟",
            bytes=b"\0\xff\x80", color=Color.MINUS, stamp=3),
        optionals=Optionals(yes=False, large=(1 << 63) - 1, real=math.inf),
        defaults=Defaults(),
        containers=Containers(
            reals=[-math.inf, 5e-324, 1.7976931348623157e308], texts=["", "b", "x" * 70000],
            textSet={"ß", "a", ""}, deepMap={"k": {-1: {"v"}}}),
        node=Node(value=1, left=Node(value=3), named={"n": Node(value=0)}),
        choice=Choice(node=Node(value=9)),
        words=Words(snake_case_name=4),
        empty=Empty(),
        numbered=Numbered(far=1))


def raises(error, call, *arguments):
    try:
        call(*arguments)
    except error as caught:
        return caught
    raise AssertionError(f"{call.__name__}{arguments} raised nothing")


def matches(sent, got, path="echo"):
    """Whether got holds everything that was set in sent; the Swift side fills in zeros for the rest."""
    if hasattr(sent, "__dict__") and hasattr(type(sent), "thrift_spec"):
        for key, value in sent.__dict__.items():
            if value is not None:
                matches(value, getattr(got, key), f"{path}.{key}")
    elif isinstance(sent, list):
        check(len(sent) == len(got), path)
        for index, value in enumerate(sent):
            matches(value, got[index], f"{path}[{index}]")
    elif isinstance(sent, dict):
        check(sent.keys() == got.keys(), path)
        for key, value in sent.items():
            matches(value, got[key], f"{path}[{key}]")
    else:
        check(sent == got, f"{path}: {sent!r} became {got!r}")


def client(peer):
    peer.ping()
    sent = sample()
    got = peer.echo(sent)
    matches(sent, got)
    check(math.copysign(1, got.scalars.real) == -1, "echo: -0")
    sent.scalars.real = math.nan
    check(math.isnan(peer.echo(sent).scalars.real), "echo: NaN")
    check(peer.sum([1, 2, (1 << 63) - 1], -3) == (1 << 63) - 1, "sum")
    # None is not written: the server takes the IDL's 5.
    check(peer.sum([1, 2], None) == 8, "sum without plus")
    check(peer.concat("zwölf ", "🐟") == "zwölf 🐟", "concat")
    check(peer.reversed(b"\0\x01\xff") == b"\xff\x01\0", "reversed")
    choices = peer.choices({Color.MINUS, Color.DARK_BLUE, 99})
    check(set(choices) == {"-5", "7", "99"} and choices["99"].color == 99, "choices")
    check(peer.fail(0) == 0, "fail 0")
    oops = raises(Oops, peer.fail, 1)
    check((oops.why, oops.number, oops.context) == ("tôld so", 11, None), "fail 1")
    check(raises(Nope, peer.fail, 2).color == Color.DARK_BLUE, "fail 2")
    raises(TApplicationException, peer.fail, 3)
    peer.failVoid(False)
    raises(Oops, peer.failVoid, True)
    before = peer.told()
    peer.tell(4)
    peer.tell(5)
    check(peer.told() == before + 9, "oneway")
    check(peer.names(1, 2, 3, 4, 5, 6, 7, 8, 9) == 45, "names")
    newer = Newer(kept=5, last="end", containers=Containers(texts=["unknown there"]), structs={"a": Scalars(text="x")},
                  flags=[True, False])
    older = peer.shorten(newer)
    check((older.kept, older.last) == (5, "end"), "shorten")


def main():
    role, encoding = sys.argv[2:4]
    if role == "client":
        transport = TFramedTransport(TSocket("127.0.0.1", int(sys.argv[4])))
        protocol = FACTORIES[encoding]().getProtocol(transport)
        if sys.argv[5] == "multiplexed":
            protocol = TMultiplexedProtocol(protocol, "Peer")
        transport.open()
        client(Peer.Client(protocol))
        transport.close()
        print("ok", flush=True)
        return
    processor = TMultiplexedProcessor()
    peer = Peer.Processor(Handler())
    processor.registerProcessor("Peer", peer)
    processor.registerDefault(peer)
    socket = TServerSocket("127.0.0.1", 0)
    server = TThreadedServer(
        processor, socket, TFramedTransportFactory(), FACTORIES[encoding](), daemon=True)
    listen = socket.listen

    def announce():
        listen()
        print("ok", socket.handle.getsockname()[1], flush=True)

    socket.listen = announce
    # Ends with its parent: standard input closes.
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    server.serve()


try:
    main()
except Exception as error:
    print("error", repr(error), flush=True)
    sys.exit(1)
