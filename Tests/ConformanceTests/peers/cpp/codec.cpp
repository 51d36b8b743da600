// A libthrift peer for the codec tests: reads a request a line on standard input, answers a line.
//
//   decode TYPE FROM TO HEX   decodes a generated struct and encodes it again: `ok HEX` or `error WHY`
//   default TYPE TO           encodes a struct as its constructor left it
//   constant NAME TO          encodes a struct whose field 1 is that constant of the IDL
//   write TO TOKENS…          drives the protocol's write calls from a description: `ok HEX`
//   read FROM HEX             reads a struct without knowing it and describes it: `ok TOKENS…`
//
// FROM and TO are `binary` or `compact`. Tokens are explained beside Sources of the tests, in Dynamic.swift.
#include <cstring>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include "everything_constants.h"
#include "everything_types.h"

using namespace apache::thrift::protocol;
using apache::thrift::transport::TMemoryBuffer;

static std::shared_ptr<TProtocol> over(std::shared_ptr<TMemoryBuffer> buffer, const std::string& encoding) {
  if (encoding == "binary") return std::make_shared<TBinaryProtocol>(buffer);
  if (encoding == "compact") return std::make_shared<TCompactProtocol>(buffer);
  throw std::runtime_error("no encoding " + encoding);
}

static std::string fromHex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) bytes += char(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

static std::string toHex(const std::string& bytes) {
  static const char digits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned char byte : bytes) {
    hex += digits[byte >> 4];
    hex += digits[byte & 15];
  }
  return hex;
}

template <typename Value> static std::string encode(const Value& value, const std::string& to) {
  auto buffer = std::make_shared<TMemoryBuffer>();
  value.write(over(buffer, to).get());
  return buffer->getBufferAsString();
}

using Decode = std::function<std::string(const std::string& bytes, const std::string& from, const std::string& to)>;
using Default = std::function<std::string(const std::string& to)>;
static std::map<std::string, std::pair<Decode, Default>> types;

template <typename Value> static void add(const std::string& name) {
  types[name] = {
      [](const std::string& bytes, const std::string& from, const std::string& to) {
        auto buffer = std::make_shared<TMemoryBuffer>(
            reinterpret_cast<uint8_t*>(const_cast<char*>(bytes.data())), bytes.size());
        Value value;
        value.read(over(buffer, from).get());
        if (buffer->available_read() != 0) throw std::runtime_error("bytes left");
        return encode(value, to);
      },
      [](const std::string& to) { return encode(Value(), to); }};
}

// Types by the letter of their token.
static TType typeOf(char letter) {
  switch (letter) {
    case 'b': return T_BOOL;
    case 'y': return T_BYTE;
    case 's': return T_I16;
    case 'i': return T_I32;
    case 'l': return T_I64;
    case 'd': return T_DOUBLE;
    case 't': return T_STRING;
    case 'S': return T_STRUCT;
    case 'L': return T_LIST;
    case 'E': return T_SET;
    case 'M': return T_MAP;
  }
  throw std::runtime_error(std::string("no type ") + letter);
}

static char letterOf(TType type) {
  switch (type) {
    case T_BOOL: return 'b';
    case T_BYTE: return 'y';
    case T_I16: return 's';
    case T_I32: return 'i';
    case T_I64: return 'l';
    case T_DOUBLE: return 'd';
    case T_STRING: return 't';
    case T_STRUCT: return 'S';
    case T_LIST: return 'L';
    case T_SET: return 'E';
    case T_MAP: return 'M';
    default: throw std::runtime_error("no such type");
  }
}

static void writeValue(TProtocol& out, std::istream& in, TType type) {
  std::string word;
  switch (type) {
    case T_STRUCT: {
      out.writeStructBegin("");
      while (in >> word && word != ")") {
        TType fieldType = typeOf(word[0]);
        out.writeFieldBegin("", fieldType, int16_t(std::stoi(word.substr(1))));
        writeValue(out, in, fieldType);
        out.writeFieldEnd();
      }
      out.writeFieldStop();
      out.writeStructEnd();
      return;
    }
    case T_LIST:
    case T_SET: {
      uint32_t count;
      in >> word >> count;
      TType element = typeOf(word[0]);
      type == T_LIST ? out.writeListBegin(element, count) : out.writeSetBegin(element, count);
      for (uint32_t i = 0; i < count; i++) writeValue(out, in, element);
      type == T_LIST ? out.writeListEnd() : out.writeSetEnd();
      return;
    }
    case T_MAP: {
      std::string valueWord;
      uint32_t count;
      in >> word >> valueWord >> count;
      TType key = typeOf(word[0]), value = typeOf(valueWord[0]);
      out.writeMapBegin(key, value, count);
      for (uint32_t i = 0; i < count; i++) {
        writeValue(out, in, key);
        writeValue(out, in, value);
      }
      out.writeMapEnd();
      return;
    }
    default: break;
  }
  in >> word;
  switch (type) {
    case T_BOOL: out.writeBool(word == "1"); return;
    case T_BYTE: out.writeByte(int8_t(std::stoi(word))); return;
    case T_I16: out.writeI16(int16_t(std::stoi(word))); return;
    case T_I32: out.writeI32(std::stoi(word)); return;
    case T_I64: out.writeI64(std::stoll(word)); return;
    case T_DOUBLE: {
      uint64_t bits = std::stoull(word, nullptr, 16);
      double number;
      std::memcpy(&number, &bits, 8);
      out.writeDouble(number);
      return;
    }
    default: out.writeBinary(fromHex(word.substr(1))); return;  // a leading ':' lets a word be empty
  }
}

static void readValue(TProtocol& in, std::ostream& out, TType type) {
  std::string name;
  uint32_t count;
  switch (type) {
    case T_STRUCT: {
      in.readStructBegin(name);
      while (true) {
        TType fieldType;
        int16_t id;
        in.readFieldBegin(name, fieldType, id);
        if (fieldType == T_STOP) break;
        out << ' ' << letterOf(fieldType) << id;
        readValue(in, out, fieldType);
        in.readFieldEnd();
      }
      in.readStructEnd();
      out << " )";
      return;
    }
    case T_LIST:
    case T_SET: {
      TType element;
      type == T_LIST ? in.readListBegin(element, count) : in.readSetBegin(element, count);
      out << ' ' << (count == 0 ? '-' : letterOf(element)) << ' ' << count;
      for (uint32_t i = 0; i < count; i++) readValue(in, out, element);
      type == T_LIST ? in.readListEnd() : in.readSetEnd();
      return;
    }
    case T_MAP: {
      TType key, value;
      in.readMapBegin(key, value, count);
      out << ' ' << (count == 0 ? '-' : letterOf(key)) << ' ' << (count == 0 ? '-' : letterOf(value)) << ' ' << count;
      for (uint32_t i = 0; i < count; i++) {
        readValue(in, out, key);
        readValue(in, out, value);
      }
      in.readMapEnd();
      return;
    }
    case T_BOOL: {
      bool value;
      in.readBool(value);
      out << ' ' << (value ? 1 : 0);
      return;
    }
    case T_BYTE: {
      int8_t value;
      in.readByte(value);
      out << ' ' << int(value);
      return;
    }
    case T_I16: {
      int16_t value;
      in.readI16(value);
      out << ' ' << value;
      return;
    }
    case T_I32: {
      int32_t value;
      in.readI32(value);
      out << ' ' << value;
      return;
    }
    case T_I64: {
      int64_t value;
      in.readI64(value);
      out << ' ' << value;
      return;
    }
    case T_DOUBLE: {
      double value;
      in.readDouble(value);
      uint64_t bits;
      std::memcpy(&bits, &value, 8);
      out << ' ' << std::hex << bits << std::dec;
      return;
    }
    default: {
      std::string bytes;
      in.readBinary(bytes);
      out << " :" << toHex(bytes);
    }
  }
}

static std::string constant(const std::string& name, const std::string& to) {
  const auto& all = everything::g_everything_constants;
  auto buffer = std::make_shared<TMemoryBuffer>();
  auto out = over(buffer, to);
  auto field = [&](TType type) { out->writeFieldBegin("", type, 1); };
  out->writeStructBegin("");
  if (name == "ANSWER") {
    field(T_I32);
    out->writeI32(all.ANSWER);
  } else if (name == "SMALLEST") {
    field(T_I64);
    out->writeI64(all.SMALLEST);
  } else if (name == "HALF") {
    field(T_DOUBLE);
    out->writeDouble(all.HALF);
  } else if (name == "GREETING") {
    field(T_STRING);
    out->writeString(all.GREETING);
  } else if (name == "LABELS") {
    field(T_LIST);
    out->writeListBegin(T_STRING, uint32_t(all.LABELS.size()));
    for (const auto& label : all.LABELS) out->writeString(label);
  } else if (name == "NUMBERS") {
    field(T_MAP);
    out->writeMapBegin(T_STRING, T_I32, uint32_t(all.NUMBERS.size()));
    for (const auto& entry : all.NUMBERS) {
      out->writeString(entry.first);
      out->writeI32(entry.second);
    }
  } else if (name == "PRIMES") {
    field(T_SET);
    out->writeSetBegin(T_I32, uint32_t(all.PRIMES.size()));
    for (int32_t prime : all.PRIMES) out->writeI32(prime);
  } else if (name == "FAVOURITE") {
    field(T_I32);
    out->writeI32(int32_t(all.FAVOURITE));
  } else {
    throw std::runtime_error("no constant " + name);
  }
  out->writeFieldStop();
  out->writeStructEnd();
  return buffer->getBufferAsString();
}

static std::string answer(std::istream& line) {
  std::string command, type, from, to, hex;
  line >> command;
  if (command == "decode") {
    line >> type >> from >> to >> hex;
    return toHex(types.at(type).first(fromHex(hex), from, to));
  }
  if (command == "default") {
    line >> type >> to;
    return toHex(types.at(type).second(to));
  }
  if (command == "constant") {
    line >> type >> to;
    return toHex(constant(type, to));
  }
  if (command == "write") {
    line >> to;
    auto buffer = std::make_shared<TMemoryBuffer>();
    writeValue(*over(buffer, to), line, T_STRUCT);
    return toHex(buffer->getBufferAsString());
  }
  if (command == "read") {
    line >> from >> hex;
    std::string bytes = fromHex(hex);
    auto buffer = std::make_shared<TMemoryBuffer>(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size());
    std::ostringstream out;
    readValue(*over(buffer, from), out, T_STRUCT);
    return out.str().substr(1);
  }
  throw std::runtime_error("no command " + command);
}

int main() {
  using namespace everything;
  add<Empty>("Empty");
  add<Scalars>("Scalars");
  add<Optionals>("Optionals");
  add<Requireds>("Requireds");
  add<Defaults>("Defaults");
  add<Containers>("Containers");
  add<Node>("Node");
  add<Choice>("Choice");
  add<Numbered>("Numbered");
  add<Older>("Older");
  add<Newer>("Newer");
  add<Words>("Words");
  add<Everything>("Everything");
  add<Oops>("Oops");
  add<Nope>("Nope");
  std::string text;
  while (std::getline(std::cin, text)) {
    std::istringstream line(text);
    try {
      std::string words = answer(line);
      std::cout << "ok " << words << std::endl;
    } catch (const std::exception& error) {
      std::string why = error.what();
      for (char& c : why) if (c == '\n') c = ' ';
      std::cout << "error " << why << std::endl;
    }
  }
}
