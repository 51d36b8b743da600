// A libthrift peer for the tests over sockets.
//
//   calls server PROTOCOL         serves Peer, multiplexed and not, framed; prints `ok PORT`
//   calls client PROTOCOL PORT plain|multiplexed
//                                 makes every call and checks every answer; prints `ok` or `error WHY`
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <iostream>
#include <limits>
#include <thread>
#include <stdexcept>
#include <thrift/processor/TMultiplexedProcessor.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/protocol/TMultiplexedProtocol.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TServerSocket.h>
#include <thrift/transport/TSocket.h>

#include "Peer.h"

using namespace apache::thrift;
using namespace apache::thrift::protocol;
using namespace apache::thrift::transport;
using namespace everything;

class Handler : public PeerIf {
 public:
  void ping() override {}
  void echo(Everything& answer, const Everything& everything) override { answer = everything; }
  int64_t sum(const std::vector<int64_t>& numbers, const int64_t plus) override {
    int64_t sum = plus;
    for (int64_t number : numbers) sum = int64_t(uint64_t(sum) + uint64_t(number));
    return sum;
  }
  void concat(std::string& answer, const std::string& left, const std::string& right) override {
    answer = left + right;
  }
  void reversed(std::string& answer, const std::string& bytes) override {
    answer.assign(bytes.rbegin(), bytes.rend());
  }
  void choices(std::map<std::string, Choice>& answer, const std::set<Color::type>& colors) override {
    for (Color::type color : colors) answer[std::to_string(int(color))].__set_color(color);
  }
  int32_t fail(const int32_t how) override {
    if (how == 1) {
      Oops oops;
      oops.why = "tôld so";
      oops.number = 11;
      throw oops;
    }
    if (how == 2) {
      Nope nope;
      nope.color = Color::DARK_BLUE;
      throw nope;
    }
    if (how == 3) throw std::runtime_error("undeclared");
    return how;
  }
  void failVoid(const bool really) override {
    if (really) throw Oops();
  }
  void tell(const int32_t number) override { count_ += number; }
  int32_t told() override { return count_; }
  int32_t names(const int32_t reader, const int32_t field, const int32_t writer, const int32_t call,
                const int32_t handler, const int32_t options, const int32_t context, const int32_t reply,
                const int32_t outer) override {
    return reader + field + writer + call + handler + options + context + reply + outer;
  }
  void shorten(Older& answer, const Newer& newer) override {
    answer.kept = newer.kept;
    answer.last = newer.last;
  }

 private:
  std::atomic<int32_t> count_{0};
};

static void check(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

static Everything sample() {
  Everything value;
  value.scalars.yes = true;
  value.scalars.tiny = std::numeric_limits<int8_t>::min();
  value.scalars.small = std::numeric_limits<int16_t>::min();
  value.scalars.medium = std::numeric_limits<int32_t>::min();
  value.scalars.large = std::numeric_limits<int64_t>::min();
  value.scalars.real = -0.0;
  value.scalars.text = "grüße 🐟";
  value.scalars.bytes = std::string("\0\xff\x80", 3);
  value.scalars.color = Color::MINUS;
  value.optionals.__set_yes(false);
  value.optionals.__set_large(std::numeric_limits<int64_t>::max());
  value.optionals.__set_real(std::numeric_limits<double>::infinity());
  value.containers.reals = {-std::numeric_limits<double>::infinity(), 5e-324, 1.7976931348623157e308};
  value.containers.texts = {"", "b", std::string(70000, 'x')};
  value.containers.textSet = {"ß", "a", ""};
  value.containers.deepMap["k"][-1] = {"v"};
  value.node.__isset.left = true;
  value.node.left = std::make_shared<Node>();
  value.node.left->value = 3;
  value.node.named["n"] = Node();
  value.choice.__set_node(Node());
  value.numbered.far = 1;
  return value;
}

static void client(PeerIf& peer) {
  peer.ping();
  Everything sent = sample(), got;
  peer.echo(got, sent);
  // Shared pointers compare by address: compare what they point at, then the rest.
  check(got.node.left && *got.node.left == *sent.node.left, "echo: node.left");
  got.node.left = sent.node.left;
  check(got == sent, "echo");
  check(std::signbit(got.scalars.real), "echo: -0");
  sent.scalars.real = std::numeric_limits<double>::quiet_NaN();
  peer.echo(got, sent);
  check(std::isnan(got.scalars.real), "echo: NaN");
  check(peer.sum({1, 2, std::numeric_limits<int64_t>::max()}, -3) == std::numeric_limits<int64_t>::max(), "sum");
  std::string text;
  peer.concat(text, "zwölf ", "🐟");
  check(text == "zwölf 🐟", "concat");
  peer.reversed(text, std::string("\0\x01\xff", 3));
  check(text == std::string("\xff\x01\0", 3), "reversed");
  std::map<std::string, Choice> choices;
  peer.choices(choices, {Color::MINUS, Color::DARK_BLUE, Color::type(99)});
  check(choices.size() == 3 && choices["99"].color == Color::type(99) && choices["-5"].__isset.color, "choices");
  check(peer.fail(0) == 0, "fail 0");
  try {
    peer.fail(1);
    check(false, "fail 1 did not");
  } catch (const Oops& oops) {
    check(oops.why == "tôld so" && oops.number == 11 && !oops.__isset.context, "fail 1");
  }
  try {
    peer.fail(2);
    check(false, "fail 2 did not");
  } catch (const Nope& nope) {
    check(nope.color == Color::DARK_BLUE, "fail 2");
  }
  try {
    peer.fail(3);
    check(false, "fail 3 did not");
  } catch (const TApplicationException&) {
  }
  peer.failVoid(false);
  try {
    peer.failVoid(true);
    check(false, "failVoid did not");
  } catch (const Oops&) {
  }
  int32_t before = peer.told();
  peer.tell(4);
  peer.tell(5);
  check(peer.told() == before + 9, "oneway");
  check(peer.names(1, 2, 3, 4, 5, 6, 7, 8, 9) == 45, "names");
  Newer newer;
  newer.kept = 5;
  newer.last = "end";
  newer.containers.texts = {"unknown there"};
  newer.structs["a"].text = "x";
  newer.flags = {true, false};
  Older older;
  peer.shorten(older, newer);
  check(older.kept == 5 && older.last == "end", "shorten");
}

// A call of sum as a caller makes it whose IDL has no `plus`: the server takes the default, 5.
static void sumWithoutPlus(PeerClient& peer, TProtocol& out) {
  out.writeMessageBegin("sum", T_CALL, 1);
  out.writeStructBegin("");
  out.writeFieldBegin("numbers", T_LIST, 1);
  out.writeListBegin(T_I64, 2);
  out.writeI64(1);
  out.writeI64(2);
  out.writeListEnd();
  out.writeFieldEnd();
  out.writeFieldStop();
  out.writeStructEnd();
  out.writeMessageEnd();
  out.getTransport()->writeEnd();
  out.getTransport()->flush();
  check(peer.recv_sum() == 8, "sum without plus");
}

static std::shared_ptr<TProtocol> over(std::shared_ptr<TTransport> transport, const std::string& name) {
  if (name == "binary") return std::make_shared<TBinaryProtocol>(transport);
  return std::make_shared<TCompactProtocol>(transport);
}

int main(int, char** words) {
  try {
    std::string role = words[1], encoding = words[2];
    if (role == "client") {
      auto socket = std::make_shared<TSocket>("127.0.0.1", std::stoi(words[3]));
      socket->setRecvTimeout(20000);
      auto transport = std::make_shared<TFramedTransport>(socket);
      auto protocol = over(transport, encoding);
      if (std::string(words[4]) == "multiplexed") protocol = std::make_shared<TMultiplexedProtocol>(protocol, "Peer");
      transport->open();
      PeerClient peer(protocol);
      client(peer);
      sumWithoutPlus(peer, *protocol);
      transport->close();
      std::cout << "ok" << std::endl;
      return 0;
    }
    auto processor = std::make_shared<TMultiplexedProcessor>();
    auto peer = std::make_shared<PeerProcessor>(std::make_shared<Handler>());
    processor->registerProcessor("Peer", peer);
    processor->registerDefault(peer);
    auto socket = std::make_shared<TServerSocket>("127.0.0.1", 0);
    std::shared_ptr<TProtocolFactory> protocols;
    if (encoding == "binary") protocols = std::make_shared<TBinaryProtocolFactory>();
    else protocols = std::make_shared<TCompactProtocolFactory>();
    server::TThreadedServer server(processor, socket, std::make_shared<TFramedTransportFactory>(), protocols);
    struct Announcer : server::TServerEventHandler {
      std::shared_ptr<TServerSocket> socket;
      void preServe() override { std::cout << "ok " << socket->getPort() << std::endl; }
    };
    auto announcer = std::make_shared<Announcer>();
    announcer->socket = socket;
    server.setServerEventHandler(announcer);
    // Ends with its parent: standard input closes.
    std::thread([] {
      while (std::cin.get() != EOF) {}
      _exit(0);
    }).detach();
    server.serve();
  } catch (const std::exception& error) {
    std::cout << "error " << error.what() << std::endl;
    return 1;
  }
}
