@testable import Thrift

/// A value whose type is known only while the program runs.
///
/// Its description in words, which peers/cpp/codec.cpp reads and writes: a letter for each type (b y s i l d
/// t, S struct, L list, E set, M map); a struct is `letter+id value` for each field, then `)`; a list or set
/// is `letter count values`; a map `letter letter count entries`; a double its bits in hex; text `:hex`.
indirect enum Dynamic: Hashable {
    struct Field: Hashable {
        let id: Int16
        let value: Dynamic
    }

    struct Entry: Hashable {
        let key: Dynamic
        let value: Dynamic
    }

    case bool(Bool)
    case byte(Int8)
    case i16(Int16)
    case i32(Int32)
    case i64(Int64)
    case double(bits: UInt64)
    case string([UInt8])
    case structure([Field])
    case list(ThriftType, [Dynamic])
    case set(ThriftType, [Dynamic])
    case map(ThriftType, ThriftType, [Entry])

    var type: ThriftType {
        switch self {
        case .bool: .bool
        case .byte: .byte
        case .i16: .i16
        case .i32: .i32
        case .i64: .i64
        case .double: .double
        case .string: .string
        case .structure: .struct
        case .list: .list
        case .set: .set
        case .map: .map
        }
    }

    func encoded(as encoding: ThriftEncoding) -> [UInt8] {
        var writer = ThriftWriter(encoding)
        write(to: &writer)
        return writer.bytes()
    }

    func write(to writer: inout ThriftWriter) {
        switch self {
        case .bool(let value): writer.writeBool(value)
        case .byte(let value): writer.writeByte(value)
        case .i16(let value): writer.writeInt16(value)
        case .i32(let value): writer.writeInt32(value)
        case .i64(let value): writer.writeInt64(value)
        case .double(let bits): writer.writeDouble(Double(bitPattern: bits))
        case .string(let bytes): writer.writeBinary(bytes)
        case .structure(let fields):
            let outer = writer.beginStruct()
            for field in fields {
                if case .bool(let value) = field.value {
                    writer.boolField(field.id, value)
                } else {
                    writer.field(field.value.type, field.id)
                    field.value.write(to: &writer)
                }
            }
            writer.endStruct(outer)
        case .list(let type, let values), .set(let type, let values):
            writer.beginList(of: type, count: values.count)
            for value in values { value.write(to: &writer) }
        case .map(let key, let value, let entries):
            writer.beginMap(key: key, value: value, count: entries.count)
            for entry in entries {
                entry.key.write(to: &writer)
                entry.value.write(to: &writer)
            }
        }
    }

    /// Reads a struct of any shape from exactly these bytes.
    static func decoded(_ bytes: [UInt8], as encoding: ThriftEncoding) throws -> Dynamic {
        try ThriftReader.reading(bytes, as: encoding) { reader throws(ThriftError) in
            let value = try read(.struct, from: &reader)
            guard reader.remaining == 0 else { throw ThriftError(.invalidData, "bytes left") }
            return value
        }
    }

    static func read(_ type: ThriftType, from reader: inout ThriftReader) throws(ThriftError) -> Dynamic {
        switch type {
        case .stop: throw ThriftError(.invalidData, "no value has the type stop")
        case .bool: return .bool(try reader.readBool())
        case .byte: return .byte(try reader.readByte())
        case .i16: return .i16(try reader.readInt16())
        case .i32: return .i32(try reader.readInt32())
        case .i64: return .i64(try reader.readInt64())
        case .double: return .double(bits: try reader.readDouble().bitPattern)
        case .string: return .string(try reader.readBinary())
        case .struct:
            var fields: [Field] = []
            let outer = try reader.beginStruct()
            while let field = try reader.nextField() {
                fields.append(Field(id: field.id, value: try read(field.type, from: &reader)))
            }
            reader.endStruct(outer)
            return .structure(fields)
        case .list, .set:
            let (element, count) = try reader.listHeader()
            var values: [Dynamic] = []
            for _ in 0..<count { values.append(try read(element, from: &reader)) }
            return type == .list ? .list(element, values) : .set(element, values)
        case .map:
            let (keyType, valueType, count) = try reader.mapHeader()
            var entries: [Entry] = []
            for _ in 0..<count {
                let key = try read(keyType, from: &reader)
                entries.append(Entry(key: key, value: try read(valueType, from: &reader)))
            }
            return .map(keyType, valueType, entries)
        }
    }

    /// The value in words. `forReading`: as a peer describes what it read, where empty containers have no type.
    func words(forReading: Bool = false) -> [String] {
        func letter(_ type: ThriftType, _ isEmpty: Bool) -> String {
            forReading && isEmpty ? "-" : String(type.letter)
        }
        switch self {
        case .bool(let value): return [value ? "1" : "0"]
        case .byte(let value): return [String(value)]
        case .i16(let value): return [String(value)]
        case .i32(let value): return [String(value)]
        case .i64(let value): return [String(value)]
        case .double(let bits): return [String(bits, radix: 16)]
        case .string(let bytes): return [":" + bytes.hex]
        case .structure(let fields):
            return fields.flatMap { ["\($0.value.type.letter)\($0.id)"] + $0.value.words(forReading: forReading) } + [
                ")"
            ]
        case .list(let type, let values), .set(let type, let values):
            return [letter(type, values.isEmpty), String(values.count)]
                + values.flatMap { $0.words(forReading: forReading) }
        case .map(let key, let value, let entries):
            return [letter(key, entries.isEmpty), letter(value, entries.isEmpty), String(entries.count)]
                + entries.flatMap {
                    $0.key.words(forReading: forReading) + $0.value.words(forReading: forReading)
                }
        }
    }
}

extension ThriftType {
    var letter: Character {
        switch self {
        case .stop: "-"
        case .bool: "b"
        case .byte: "y"
        case .i16: "s"
        case .i32: "i"
        case .i64: "l"
        case .double: "d"
        case .string: "t"
        case .struct: "S"
        case .list: "L"
        case .set: "E"
        case .map: "M"
        }
    }
}
