// swift-format-ignore-file
// Made by elves-thrift from everything.thrift. Do not edit: `make generate`.

package import Thrift

/// Constants of everything.thrift.
package enum EverythingConstants {
    package static let answer: Int32 = 42
    package static let smallest: Int64 = -9223372036854775808
    package static let half: Double = 0.5
    package static let greeting: String = "grüße \"you\" \\ \n 🐟"
    package static let labels: [Label] = ["b", "a"]
    package static let numbers: [String: Int32] = ["answer": 42, "one": 1]
    package static let primes: Set<Int32> = [2, 3, 5]
    package static let favourite: Paint = Color.darkBlue
}

/// Typedef `Stamp`.
package typealias Stamp = Int64

/// Typedef `Stamps`.
package typealias Stamps = [Stamp]

/// Typedef `Paint`.
package typealias Paint = Color

/// Typedef `Label`.
package typealias Label = String

/// Negative numbers and gaps are allowed.
package struct Color: ThriftEnum {
    package let rawValue: Int32

    /// Takes any number, also one that this IDL does not know.
    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    package static let minus = Color(rawValue: -5)
    package static let red = Color(rawValue: 1)
    package static let green = Color(rawValue: 2)
    /// Two words.
    package static let darkBlue = Color(rawValue: 7)

    /// The members that the IDL names, in its order.
    package static let all: [Color] = [.minus, .red, .green, .darkBlue]

    /// The IDL's name, or nil for a number that this IDL does not know.
    package var name: String? {
        switch rawValue {
        case -5: "MINUS"
        case 1: "RED"
        case 2: "GREEN"
        case 7: "DARK_BLUE"
        default: nil
        }
    }
}

/// Struct `Empty`.
package struct Empty: ThriftStruct, Hashable {
    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init() {
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.endStruct(outer)
    }
}

/// One field of each type, always written.
package struct Scalars: ThriftStruct, Hashable {
    package var yes: Bool
    package var tiny: Int8
    package var small: Int16
    package var medium: Int32
    package var large: Int64
    package var real: Double
    package var text: String
    package var bytes: [UInt8]
    package var color: Color
    package var stamp: Stamp

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        yes: Bool = false,
        tiny: Int8 = 0,
        small: Int16 = 0,
        medium: Int32 = 0,
        large: Int64 = 0,
        real: Double = 0,
        text: String = "",
        bytes: [UInt8] = [],
        color: Color = Color(rawValue: 0),
        stamp: Stamp = 0
    ) {
        self.yes = yes
        self.tiny = tiny
        self.small = small
        self.medium = medium
        self.large = large
        self.real = real
        self.text = text
        self.bytes = bytes
        self.color = color
        self.stamp = stamp
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .bool):
                self.yes = try reader.readBool()
            case (2, .byte):
                self.tiny = try reader.readByte()
            case (3, .i16):
                self.small = try reader.readInt16()
            case (4, .i32):
                self.medium = try reader.readInt32()
            case (5, .i64):
                self.large = try reader.readInt64()
            case (6, .double):
                self.real = try reader.readDouble()
            case (7, .string):
                self.text = try reader.readString()
            case (8, .string):
                self.bytes = try reader.readBinary()
            case (9, .i32):
                self.color = Color(rawValue: try reader.readInt32())
            case (10, .i64):
                self.stamp = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.boolField(1, self.yes)
        writer.field(.byte, 2)
        writer.writeByte(self.tiny)
        writer.field(.i16, 3)
        writer.writeInt16(self.small)
        writer.field(.i32, 4)
        writer.writeInt32(self.medium)
        writer.field(.i64, 5)
        writer.writeInt64(self.large)
        writer.field(.double, 6)
        writer.writeDouble(self.real)
        writer.field(.string, 7)
        writer.writeString(self.text)
        writer.field(.string, 8)
        writer.writeBinary(self.bytes)
        writer.field(.i32, 9)
        writer.writeInt32(self.color.rawValue)
        writer.field(.i64, 10)
        writer.writeInt64(self.stamp)
        writer.endStruct(outer)
    }
}

/// Struct `Optionals`.
package struct Optionals: ThriftStruct, Hashable {
    package var yes: Bool?
    package var tiny: Int8?
    package var small: Int16?
    package var medium: Int32?
    package var large: Int64?
    package var real: Double?
    package var text: String?
    package var bytes: [UInt8]?
    package var color: Color?
    package var scalars: Scalars?
    package var numbers: [Int32]?
    package var names: [String: String]?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        yes: Bool? = nil,
        tiny: Int8? = nil,
        small: Int16? = nil,
        medium: Int32? = nil,
        large: Int64? = nil,
        real: Double? = nil,
        text: String? = nil,
        bytes: [UInt8]? = nil,
        color: Color? = nil,
        scalars: Scalars? = nil,
        numbers: [Int32]? = nil,
        names: [String: String]? = nil
    ) {
        self.yes = yes
        self.tiny = tiny
        self.small = small
        self.medium = medium
        self.large = large
        self.real = real
        self.text = text
        self.bytes = bytes
        self.color = color
        self.scalars = scalars
        self.numbers = numbers
        self.names = names
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .bool):
                self.yes = try reader.readBool()
            case (2, .byte):
                self.tiny = try reader.readByte()
            case (3, .i16):
                self.small = try reader.readInt16()
            case (4, .i32):
                self.medium = try reader.readInt32()
            case (5, .i64):
                self.large = try reader.readInt64()
            case (6, .double):
                self.real = try reader.readDouble()
            case (7, .string):
                self.text = try reader.readString()
            case (8, .string):
                self.bytes = try reader.readBinary()
            case (9, .i32):
                self.color = Color(rawValue: try reader.readInt32())
            case (10, .struct):
                self.scalars = try Scalars(from: &reader)
            case (11, .list):
                self.numbers = try reader.readList(of: .i32) { reader throws(ThriftError) in try reader.readInt32() }
            case (12, .map):
                self.names = try reader.readMap(key: .string, value: .string, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readString() })
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        if let value = self.yes {
            writer.boolField(1, value)
        }
        if let value = self.tiny {
            writer.field(.byte, 2)
            writer.writeByte(value)
        }
        if let value = self.small {
            writer.field(.i16, 3)
            writer.writeInt16(value)
        }
        if let value = self.medium {
            writer.field(.i32, 4)
            writer.writeInt32(value)
        }
        if let value = self.large {
            writer.field(.i64, 5)
            writer.writeInt64(value)
        }
        if let value = self.real {
            writer.field(.double, 6)
            writer.writeDouble(value)
        }
        if let value = self.text {
            writer.field(.string, 7)
            writer.writeString(value)
        }
        if let value = self.bytes {
            writer.field(.string, 8)
            writer.writeBinary(value)
        }
        if let value = self.color {
            writer.field(.i32, 9)
            writer.writeInt32(value.rawValue)
        }
        if let value = self.scalars {
            writer.field(.struct, 10)
            value.write(to: &writer)
        }
        if let value = self.numbers {
            writer.field(.list, 11)
            writer.beginList(of: .i32, count: value.count)
            for element in value {
                writer.writeInt32(element)
            }
        }
        if let value = self.names {
            writer.field(.map, 12)
            writer.beginMap(key: .string, value: .string, count: value.count)
            for (key, value) in value.inWireOrder {
                writer.writeString(key)
                writer.writeString(value)
            }
        }
        writer.endStruct(outer)
    }
}

/// Absent ones fail the read.
package struct Requireds: ThriftStruct, Hashable {
    package var number: Int32
    package var text: String
    package var scalars: Scalars
    package var flags: [Bool]

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(number: Int32 = 0, text: String = "", scalars: Scalars = Scalars(), flags: [Bool] = []) {
        self.number = number
        self.text = text
        self.scalars = scalars
        self.flags = flags
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        var has1 = false
        var has2 = false
        var has3 = false
        var has4 = false
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i32):
                self.number = try reader.readInt32()
                has1 = true
            case (2, .string):
                self.text = try reader.readString()
                has2 = true
            case (3, .struct):
                self.scalars = try Scalars(from: &reader)
                has3 = true
            case (4, .list):
                self.flags = try reader.readList(of: .bool) { reader throws(ThriftError) in try reader.readBool() }
                has4 = true
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
        guard has1 else { throw ThriftError(.missingField, "everything.Requireds lacks its required field number") }
        guard has2 else { throw ThriftError(.missingField, "everything.Requireds lacks its required field text") }
        guard has3 else { throw ThriftError(.missingField, "everything.Requireds lacks its required field scalars") }
        guard has4 else { throw ThriftError(.missingField, "everything.Requireds lacks its required field flags") }
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i32, 1)
        writer.writeInt32(self.number)
        writer.field(.string, 2)
        writer.writeString(self.text)
        writer.field(.struct, 3)
        self.scalars.write(to: &writer)
        writer.field(.list, 4)
        writer.beginList(of: .bool, count: self.flags.count)
        for element in self.flags {
            writer.writeBool(element)
        }
        writer.endStruct(outer)
    }
}

/// Struct `Defaults`.
package struct Defaults: ThriftStruct, Hashable {
    package var yes: Bool
    package var tiny: Int8
    package var small: Int16
    package var medium: Int32
    package var large: Int64
    package var real: Double
    package var text: String
    package var bytes: [UInt8]
    package var color: Color
    package var numbers: [Int32]
    package var words: Set<String>
    package var lists: [String: [Int32]]
    package var scalars: Scalars
    package var maybe: Int32?
    package var stamps: Stamps
    package var whole: Double

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        yes: Bool = true,
        tiny: Int8 = -3,
        small: Int16 = 300,
        medium: Int32 = -70000,
        large: Int64 = 5000000000,
        real: Double = 1.5,
        text: String = "dé\"fault",
        bytes: [UInt8] = [0x61, 0x62, 0x63],
        color: Color = Color.green,
        numbers: [Int32] = [3, 1, 2],
        words: Set<String> = ["b", "a"],
        lists: [String: [Int32]] = ["k": [1, 2]],
        scalars: Scalars = Scalars(medium: 9, text: "inner"),
        maybe: Int32? = 7,
        stamps: Stamps = [1],
        whole: Double = 3
    ) {
        self.yes = yes
        self.tiny = tiny
        self.small = small
        self.medium = medium
        self.large = large
        self.real = real
        self.text = text
        self.bytes = bytes
        self.color = color
        self.numbers = numbers
        self.words = words
        self.lists = lists
        self.scalars = scalars
        self.maybe = maybe
        self.stamps = stamps
        self.whole = whole
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .bool):
                self.yes = try reader.readBool()
            case (2, .byte):
                self.tiny = try reader.readByte()
            case (3, .i16):
                self.small = try reader.readInt16()
            case (4, .i32):
                self.medium = try reader.readInt32()
            case (5, .i64):
                self.large = try reader.readInt64()
            case (6, .double):
                self.real = try reader.readDouble()
            case (7, .string):
                self.text = try reader.readString()
            case (8, .string):
                self.bytes = try reader.readBinary()
            case (9, .i32):
                self.color = Color(rawValue: try reader.readInt32())
            case (10, .list):
                self.numbers = try reader.readList(of: .i32) { reader throws(ThriftError) in try reader.readInt32() }
            case (11, .set):
                self.words = try reader.readSet(of: .string) { reader throws(ThriftError) in try reader.readString() }
            case (12, .map):
                self.lists = try reader.readMap(key: .string, value: .list, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readList(of: .i32) { reader throws(ThriftError) in try reader.readInt32() } })
            case (13, .struct):
                self.scalars = try Scalars(from: &reader)
            case (14, .i32):
                self.maybe = try reader.readInt32()
            case (15, .list):
                self.stamps = try reader.readList(of: .i64) { reader throws(ThriftError) in try reader.readInt64() }
            case (16, .double):
                self.whole = try reader.readDouble()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.boolField(1, self.yes)
        writer.field(.byte, 2)
        writer.writeByte(self.tiny)
        writer.field(.i16, 3)
        writer.writeInt16(self.small)
        writer.field(.i32, 4)
        writer.writeInt32(self.medium)
        writer.field(.i64, 5)
        writer.writeInt64(self.large)
        writer.field(.double, 6)
        writer.writeDouble(self.real)
        writer.field(.string, 7)
        writer.writeString(self.text)
        writer.field(.string, 8)
        writer.writeBinary(self.bytes)
        writer.field(.i32, 9)
        writer.writeInt32(self.color.rawValue)
        writer.field(.list, 10)
        writer.beginList(of: .i32, count: self.numbers.count)
        for element in self.numbers {
            writer.writeInt32(element)
        }
        writer.field(.set, 11)
        writer.beginList(of: .string, count: self.words.count)
        for element in self.words.inWireOrder {
            writer.writeString(element)
        }
        writer.field(.map, 12)
        writer.beginMap(key: .string, value: .list, count: self.lists.count)
        for (key, value) in self.lists.inWireOrder {
            writer.writeString(key)
            writer.beginList(of: .i32, count: value.count)
            for element2 in value {
                writer.writeInt32(element2)
            }
        }
        writer.field(.struct, 13)
        self.scalars.write(to: &writer)
        if let value = self.maybe {
            writer.field(.i32, 14)
            writer.writeInt32(value)
        }
        writer.field(.list, 15)
        writer.beginList(of: .i64, count: self.stamps.count)
        for element in self.stamps {
            writer.writeInt64(element)
        }
        writer.field(.double, 16)
        writer.writeDouble(self.whole)
        writer.endStruct(outer)
    }
}

/// Lists, sets and maps of everything that may stand in them.
package struct Containers: ThriftStruct, Hashable {
    package var bools: [Bool]
    package var tinies: [Int8]
    package var smalls: [Int16]
    package var mediums: [Int32]
    package var larges: [Int64]
    package var reals: [Double]
    package var texts: [String]
    package var blobs: [[UInt8]]
    package var colors: [Color]
    package var structs: [Scalars]
    package var boolSet: Set<Bool>
    package var tinySet: Set<Int8>
    package var smallSet: Set<Int16>
    package var mediumSet: Set<Int32>
    package var largeSet: Set<Int64>
    package var realSet: Set<Double>
    package var textSet: Set<String>
    package var blobSet: Set<[UInt8]>
    package var colorSet: Set<Color>
    package var boolMap: [Bool: Bool]
    package var tinyMap: [Int8: Int16]
    package var smallMap: [Int16: Int32]
    package var mediumMap: [Int32: Int64]
    package var largeMap: [Int64: Double]
    package var realMap: [Double: String]
    package var textMap: [String: [UInt8]]
    package var blobMap: [[UInt8]: Color]
    package var colorMap: [Color: Scalars]
    package var deepList: [[[Int32]]]
    package var deepMap: [String: [Int32: Set<String>]]
    package var mixed: [[String: [Bool]]]

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        bools: [Bool] = [],
        tinies: [Int8] = [],
        smalls: [Int16] = [],
        mediums: [Int32] = [],
        larges: [Int64] = [],
        reals: [Double] = [],
        texts: [String] = [],
        blobs: [[UInt8]] = [],
        colors: [Color] = [],
        structs: [Scalars] = [],
        boolSet: Set<Bool> = [],
        tinySet: Set<Int8> = [],
        smallSet: Set<Int16> = [],
        mediumSet: Set<Int32> = [],
        largeSet: Set<Int64> = [],
        realSet: Set<Double> = [],
        textSet: Set<String> = [],
        blobSet: Set<[UInt8]> = [],
        colorSet: Set<Color> = [],
        boolMap: [Bool: Bool] = [:],
        tinyMap: [Int8: Int16] = [:],
        smallMap: [Int16: Int32] = [:],
        mediumMap: [Int32: Int64] = [:],
        largeMap: [Int64: Double] = [:],
        realMap: [Double: String] = [:],
        textMap: [String: [UInt8]] = [:],
        blobMap: [[UInt8]: Color] = [:],
        colorMap: [Color: Scalars] = [:],
        deepList: [[[Int32]]] = [],
        deepMap: [String: [Int32: Set<String>]] = [:],
        mixed: [[String: [Bool]]] = []
    ) {
        self.bools = bools
        self.tinies = tinies
        self.smalls = smalls
        self.mediums = mediums
        self.larges = larges
        self.reals = reals
        self.texts = texts
        self.blobs = blobs
        self.colors = colors
        self.structs = structs
        self.boolSet = boolSet
        self.tinySet = tinySet
        self.smallSet = smallSet
        self.mediumSet = mediumSet
        self.largeSet = largeSet
        self.realSet = realSet
        self.textSet = textSet
        self.blobSet = blobSet
        self.colorSet = colorSet
        self.boolMap = boolMap
        self.tinyMap = tinyMap
        self.smallMap = smallMap
        self.mediumMap = mediumMap
        self.largeMap = largeMap
        self.realMap = realMap
        self.textMap = textMap
        self.blobMap = blobMap
        self.colorMap = colorMap
        self.deepList = deepList
        self.deepMap = deepMap
        self.mixed = mixed
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .list):
                self.bools = try reader.readList(of: .bool) { reader throws(ThriftError) in try reader.readBool() }
            case (2, .list):
                self.tinies = try reader.readList(of: .byte) { reader throws(ThriftError) in try reader.readByte() }
            case (3, .list):
                self.smalls = try reader.readList(of: .i16) { reader throws(ThriftError) in try reader.readInt16() }
            case (4, .list):
                self.mediums = try reader.readList(of: .i32) { reader throws(ThriftError) in try reader.readInt32() }
            case (5, .list):
                self.larges = try reader.readList(of: .i64) { reader throws(ThriftError) in try reader.readInt64() }
            case (6, .list):
                self.reals = try reader.readList(of: .double) { reader throws(ThriftError) in try reader.readDouble() }
            case (7, .list):
                self.texts = try reader.readList(of: .string) { reader throws(ThriftError) in try reader.readString() }
            case (8, .list):
                self.blobs = try reader.readList(of: .string) { reader throws(ThriftError) in try reader.readBinary() }
            case (9, .list):
                self.colors = try reader.readList(of: .i32) { reader throws(ThriftError) in Color(rawValue: try reader.readInt32()) }
            case (10, .list):
                self.structs = try reader.readList(of: .struct) { reader throws(ThriftError) in try Scalars(from: &reader) }
            case (11, .set):
                self.boolSet = try reader.readSet(of: .bool) { reader throws(ThriftError) in try reader.readBool() }
            case (12, .set):
                self.tinySet = try reader.readSet(of: .byte) { reader throws(ThriftError) in try reader.readByte() }
            case (13, .set):
                self.smallSet = try reader.readSet(of: .i16) { reader throws(ThriftError) in try reader.readInt16() }
            case (14, .set):
                self.mediumSet = try reader.readSet(of: .i32) { reader throws(ThriftError) in try reader.readInt32() }
            case (15, .set):
                self.largeSet = try reader.readSet(of: .i64) { reader throws(ThriftError) in try reader.readInt64() }
            case (16, .set):
                self.realSet = try reader.readSet(of: .double) { reader throws(ThriftError) in try reader.readDouble() }
            case (17, .set):
                self.textSet = try reader.readSet(of: .string) { reader throws(ThriftError) in try reader.readString() }
            case (18, .set):
                self.blobSet = try reader.readSet(of: .string) { reader throws(ThriftError) in try reader.readBinary() }
            case (19, .set):
                self.colorSet = try reader.readSet(of: .i32) { reader throws(ThriftError) in Color(rawValue: try reader.readInt32()) }
            case (20, .map):
                self.boolMap = try reader.readMap(key: .bool, value: .bool, { reader throws(ThriftError) in try reader.readBool() }, { reader throws(ThriftError) in try reader.readBool() })
            case (21, .map):
                self.tinyMap = try reader.readMap(key: .byte, value: .i16, { reader throws(ThriftError) in try reader.readByte() }, { reader throws(ThriftError) in try reader.readInt16() })
            case (22, .map):
                self.smallMap = try reader.readMap(key: .i16, value: .i32, { reader throws(ThriftError) in try reader.readInt16() }, { reader throws(ThriftError) in try reader.readInt32() })
            case (23, .map):
                self.mediumMap = try reader.readMap(key: .i32, value: .i64, { reader throws(ThriftError) in try reader.readInt32() }, { reader throws(ThriftError) in try reader.readInt64() })
            case (24, .map):
                self.largeMap = try reader.readMap(key: .i64, value: .double, { reader throws(ThriftError) in try reader.readInt64() }, { reader throws(ThriftError) in try reader.readDouble() })
            case (25, .map):
                self.realMap = try reader.readMap(key: .double, value: .string, { reader throws(ThriftError) in try reader.readDouble() }, { reader throws(ThriftError) in try reader.readString() })
            case (26, .map):
                self.textMap = try reader.readMap(key: .string, value: .string, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readBinary() })
            case (27, .map):
                self.blobMap = try reader.readMap(key: .string, value: .i32, { reader throws(ThriftError) in try reader.readBinary() }, { reader throws(ThriftError) in Color(rawValue: try reader.readInt32()) })
            case (28, .map):
                self.colorMap = try reader.readMap(key: .i32, value: .struct, { reader throws(ThriftError) in Color(rawValue: try reader.readInt32()) }, { reader throws(ThriftError) in try Scalars(from: &reader) })
            case (29, .list):
                self.deepList = try reader.readList(of: .list) { reader throws(ThriftError) in try reader.readList(of: .list) { reader throws(ThriftError) in try reader.readList(of: .i32) { reader throws(ThriftError) in try reader.readInt32() } } }
            case (30, .map):
                self.deepMap = try reader.readMap(key: .string, value: .map, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readMap(key: .i32, value: .set, { reader throws(ThriftError) in try reader.readInt32() }, { reader throws(ThriftError) in try reader.readSet(of: .string) { reader throws(ThriftError) in try reader.readString() } }) })
            case (31, .list):
                self.mixed = try reader.readList(of: .map) { reader throws(ThriftError) in try reader.readMap(key: .string, value: .list, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readList(of: .bool) { reader throws(ThriftError) in try reader.readBool() } }) }
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.list, 1)
        writer.beginList(of: .bool, count: self.bools.count)
        for element in self.bools {
            writer.writeBool(element)
        }
        writer.field(.list, 2)
        writer.beginList(of: .byte, count: self.tinies.count)
        for element in self.tinies {
            writer.writeByte(element)
        }
        writer.field(.list, 3)
        writer.beginList(of: .i16, count: self.smalls.count)
        for element in self.smalls {
            writer.writeInt16(element)
        }
        writer.field(.list, 4)
        writer.beginList(of: .i32, count: self.mediums.count)
        for element in self.mediums {
            writer.writeInt32(element)
        }
        writer.field(.list, 5)
        writer.beginList(of: .i64, count: self.larges.count)
        for element in self.larges {
            writer.writeInt64(element)
        }
        writer.field(.list, 6)
        writer.beginList(of: .double, count: self.reals.count)
        for element in self.reals {
            writer.writeDouble(element)
        }
        writer.field(.list, 7)
        writer.beginList(of: .string, count: self.texts.count)
        for element in self.texts {
            writer.writeString(element)
        }
        writer.field(.list, 8)
        writer.beginList(of: .string, count: self.blobs.count)
        for element in self.blobs {
            writer.writeBinary(element)
        }
        writer.field(.list, 9)
        writer.beginList(of: .i32, count: self.colors.count)
        for element in self.colors {
            writer.writeInt32(element.rawValue)
        }
        writer.field(.list, 10)
        writer.beginList(of: .struct, count: self.structs.count)
        for element in self.structs {
            element.write(to: &writer)
        }
        writer.field(.set, 11)
        writer.beginList(of: .bool, count: self.boolSet.count)
        for element in self.boolSet.inWireOrder {
            writer.writeBool(element)
        }
        writer.field(.set, 12)
        writer.beginList(of: .byte, count: self.tinySet.count)
        for element in self.tinySet.inWireOrder {
            writer.writeByte(element)
        }
        writer.field(.set, 13)
        writer.beginList(of: .i16, count: self.smallSet.count)
        for element in self.smallSet.inWireOrder {
            writer.writeInt16(element)
        }
        writer.field(.set, 14)
        writer.beginList(of: .i32, count: self.mediumSet.count)
        for element in self.mediumSet.inWireOrder {
            writer.writeInt32(element)
        }
        writer.field(.set, 15)
        writer.beginList(of: .i64, count: self.largeSet.count)
        for element in self.largeSet.inWireOrder {
            writer.writeInt64(element)
        }
        writer.field(.set, 16)
        writer.beginList(of: .double, count: self.realSet.count)
        for element in self.realSet.inWireOrder {
            writer.writeDouble(element)
        }
        writer.field(.set, 17)
        writer.beginList(of: .string, count: self.textSet.count)
        for element in self.textSet.inWireOrder {
            writer.writeString(element)
        }
        writer.field(.set, 18)
        writer.beginList(of: .string, count: self.blobSet.count)
        for element in self.blobSet.inWireOrder {
            writer.writeBinary(element)
        }
        writer.field(.set, 19)
        writer.beginList(of: .i32, count: self.colorSet.count)
        for element in self.colorSet.inWireOrder {
            writer.writeInt32(element.rawValue)
        }
        writer.field(.map, 20)
        writer.beginMap(key: .bool, value: .bool, count: self.boolMap.count)
        for (key, value) in self.boolMap.inWireOrder {
            writer.writeBool(key)
            writer.writeBool(value)
        }
        writer.field(.map, 21)
        writer.beginMap(key: .byte, value: .i16, count: self.tinyMap.count)
        for (key, value) in self.tinyMap.inWireOrder {
            writer.writeByte(key)
            writer.writeInt16(value)
        }
        writer.field(.map, 22)
        writer.beginMap(key: .i16, value: .i32, count: self.smallMap.count)
        for (key, value) in self.smallMap.inWireOrder {
            writer.writeInt16(key)
            writer.writeInt32(value)
        }
        writer.field(.map, 23)
        writer.beginMap(key: .i32, value: .i64, count: self.mediumMap.count)
        for (key, value) in self.mediumMap.inWireOrder {
            writer.writeInt32(key)
            writer.writeInt64(value)
        }
        writer.field(.map, 24)
        writer.beginMap(key: .i64, value: .double, count: self.largeMap.count)
        for (key, value) in self.largeMap.inWireOrder {
            writer.writeInt64(key)
            writer.writeDouble(value)
        }
        writer.field(.map, 25)
        writer.beginMap(key: .double, value: .string, count: self.realMap.count)
        for (key, value) in self.realMap.inWireOrder {
            writer.writeDouble(key)
            writer.writeString(value)
        }
        writer.field(.map, 26)
        writer.beginMap(key: .string, value: .string, count: self.textMap.count)
        for (key, value) in self.textMap.inWireOrder {
            writer.writeString(key)
            writer.writeBinary(value)
        }
        writer.field(.map, 27)
        writer.beginMap(key: .string, value: .i32, count: self.blobMap.count)
        for (key, value) in self.blobMap.inWireOrder {
            writer.writeBinary(key)
            writer.writeInt32(value.rawValue)
        }
        writer.field(.map, 28)
        writer.beginMap(key: .i32, value: .struct, count: self.colorMap.count)
        for (key, value) in self.colorMap.inWireOrder {
            writer.writeInt32(key.rawValue)
            value.write(to: &writer)
        }
        writer.field(.list, 29)
        writer.beginList(of: .list, count: self.deepList.count)
        for element in self.deepList {
            writer.beginList(of: .list, count: element.count)
            for element2 in element {
                writer.beginList(of: .i32, count: element2.count)
                for element3 in element2 {
                    writer.writeInt32(element3)
                }
            }
        }
        writer.field(.map, 30)
        writer.beginMap(key: .string, value: .map, count: self.deepMap.count)
        for (key, value) in self.deepMap.inWireOrder {
            writer.writeString(key)
            writer.beginMap(key: .i32, value: .set, count: value.count)
            for (key2, value2) in value.inWireOrder {
                writer.writeInt32(key2)
                writer.beginList(of: .string, count: value2.count)
                for element3 in value2.inWireOrder {
                    writer.writeString(element3)
                }
            }
        }
        writer.field(.list, 31)
        writer.beginList(of: .map, count: self.mixed.count)
        for element in self.mixed {
            writer.beginMap(key: .string, value: .list, count: element.count)
            for (key2, value2) in element.inWireOrder {
                writer.writeString(key2)
                writer.beginList(of: .bool, count: value2.count)
                for element3 in value2 {
                    writer.writeBool(element3)
                }
            }
        }
        writer.endStruct(outer)
    }
}

/// A struct that holds itself in every way that C++ allows.
package struct Node: ThriftStruct, Hashable {
    package var value: Int32
    @ThriftIndirect package var left: Node?
    @ThriftIndirect package var right: Node?
    package var children: [Node]
    package var named: [String: Node]

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        value: Int32 = 0,
        left: Node? = nil,
        right: Node? = nil,
        children: [Node] = [],
        named: [String: Node] = [:]
    ) {
        self.value = value
        self.left = left
        self.right = right
        self.children = children
        self.named = named
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self = try Self.decoded(from: &reader)
    }

    private static func decoded(from reader: inout ThriftReader) throws(ThriftError) -> Self {
        var result = Self()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i32):
                result.value = try reader.readInt32()
            case (2, .struct):
                result.left = try Node(from: &reader)
            case (3, .struct):
                result.right = try Node(from: &reader)
            case (4, .list):
                result.children = try reader.readList(of: .struct) { reader throws(ThriftError) in try Node(from: &reader) }
            case (5, .map):
                result.named = try reader.readMap(key: .string, value: .struct, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try Node(from: &reader) })
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
        return result
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i32, 1)
        writer.writeInt32(self.value)
        if let value = self.left {
            writer.field(.struct, 2)
            value.write(to: &writer)
        }
        if let value = self.right {
            writer.field(.struct, 3)
            value.write(to: &writer)
        }
        writer.field(.list, 4)
        writer.beginList(of: .struct, count: self.children.count)
        for element in self.children {
            element.write(to: &writer)
        }
        writer.field(.map, 5)
        writer.beginMap(key: .string, value: .struct, count: self.named.count)
        for (key, value) in self.named.inWireOrder {
            writer.writeString(key)
            value.write(to: &writer)
        }
        writer.endStruct(outer)
    }
}

/// Union `Choice`.
package enum Choice: ThriftStruct, Hashable {
    case number(Int32)
    case text(String)
    case node(Node)
    case many([Choice])
    case color(Color)
    case flag(Bool)
    /// A field that this IDL does not know, by its id; 0 when none was set. Written as nothing.
    case unknown(Int16)

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self = .unknown(0)
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i32):
                self = .number(try reader.readInt32())
            case (2, .string):
                self = .text(try reader.readString())
            case (3, .struct):
                self = .node(try Node(from: &reader))
            case (4, .list):
                self = .many(try reader.readList(of: .struct) { reader throws(ThriftError) in try Choice(from: &reader) })
            case (5, .i32):
                self = .color(Color(rawValue: try reader.readInt32()))
            case (6, .bool):
                self = .flag(try reader.readBool())
            default:
                try reader.skip(field.type)
                if case .unknown(0) = self { self = .unknown(field.id) }
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        switch self {
        case .number(let value):
            writer.field(.i32, 1)
            writer.writeInt32(value)
        case .text(let value):
            writer.field(.string, 2)
            writer.writeString(value)
        case .node(let value):
            writer.field(.struct, 3)
            value.write(to: &writer)
        case .many(let value):
            writer.field(.list, 4)
            writer.beginList(of: .struct, count: value.count)
            for element in value {
                element.write(to: &writer)
            }
        case .color(let value):
            writer.field(.i32, 5)
            writer.writeInt32(value.rawValue)
        case .flag(let value):
            writer.boolField(6, value)
        case .unknown: break
        }
        writer.endStruct(outer)
    }
}

/// Field numbers out of order and far apart.
package struct Numbered: ThriftStruct, Hashable {
    package var far: Int32
    package var first: Int32
    package var leap: Int32
    package var near: Bool
    package var last: String
    package var second: Bool

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        far: Int32 = 0,
        first: Int32 = 0,
        leap: Int32 = 0,
        near: Bool = false,
        last: String = "",
        second: Bool = false
    ) {
        self.far = far
        self.first = first
        self.leap = leap
        self.near = near
        self.last = last
        self.second = second
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (300, .i32):
                self.far = try reader.readInt32()
            case (1, .i32):
                self.first = try reader.readInt32()
            case (17, .i32):
                self.leap = try reader.readInt32()
            case (16, .bool):
                self.near = try reader.readBool()
            case (32766, .string):
                self.last = try reader.readString()
            case (2, .bool):
                self.second = try reader.readBool()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i32, 1)
        writer.writeInt32(self.first)
        writer.boolField(2, self.second)
        writer.boolField(16, self.near)
        writer.field(.i32, 17)
        writer.writeInt32(self.leap)
        writer.field(.i32, 300)
        writer.writeInt32(self.far)
        writer.field(.string, 32766)
        writer.writeString(self.last)
        writer.endStruct(outer)
    }
}

/// What an older program knows of `Newer`.
package struct Older: ThriftStruct, Hashable {
    package var kept: Int32
    package var last: String

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(kept: Int32 = 0, last: String = "") {
        self.kept = kept
        self.last = last
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i32):
                self.kept = try reader.readInt32()
            case (20, .string):
                self.last = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i32, 1)
        writer.writeInt32(self.kept)
        writer.field(.string, 20)
        writer.writeString(self.last)
        writer.endStruct(outer)
    }
}

/// Struct `Newer`.
package struct Newer: ThriftStruct, Hashable {
    package var kept: Int32
    package var yes: Bool
    package var tiny: Int8
    package var small: Int16
    package var medium: Int32
    package var large: Int64
    package var real: Double
    package var text: String
    package var containers: Containers
    package var numbers: Set<Int32>
    package var structs: [String: Scalars]
    package var choice: Choice
    package var flags: [Bool]
    package var last: String

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        kept: Int32 = 0,
        yes: Bool = false,
        tiny: Int8 = 0,
        small: Int16 = 0,
        medium: Int32 = 0,
        large: Int64 = 0,
        real: Double = 0,
        text: String = "",
        containers: Containers = Containers(),
        numbers: Set<Int32> = [],
        structs: [String: Scalars] = [:],
        choice: Choice = Choice.unknown(0),
        flags: [Bool] = [],
        last: String = ""
    ) {
        self.kept = kept
        self.yes = yes
        self.tiny = tiny
        self.small = small
        self.medium = medium
        self.large = large
        self.real = real
        self.text = text
        self.containers = containers
        self.numbers = numbers
        self.structs = structs
        self.choice = choice
        self.flags = flags
        self.last = last
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i32):
                self.kept = try reader.readInt32()
            case (2, .bool):
                self.yes = try reader.readBool()
            case (3, .byte):
                self.tiny = try reader.readByte()
            case (4, .i16):
                self.small = try reader.readInt16()
            case (5, .i32):
                self.medium = try reader.readInt32()
            case (6, .i64):
                self.large = try reader.readInt64()
            case (7, .double):
                self.real = try reader.readDouble()
            case (8, .string):
                self.text = try reader.readString()
            case (9, .struct):
                self.containers = try Containers(from: &reader)
            case (10, .set):
                self.numbers = try reader.readSet(of: .i32) { reader throws(ThriftError) in try reader.readInt32() }
            case (11, .map):
                self.structs = try reader.readMap(key: .string, value: .struct, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try Scalars(from: &reader) })
            case (12, .struct):
                self.choice = try Choice(from: &reader)
            case (13, .list):
                self.flags = try reader.readList(of: .bool) { reader throws(ThriftError) in try reader.readBool() }
            case (20, .string):
                self.last = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i32, 1)
        writer.writeInt32(self.kept)
        writer.boolField(2, self.yes)
        writer.field(.byte, 3)
        writer.writeByte(self.tiny)
        writer.field(.i16, 4)
        writer.writeInt16(self.small)
        writer.field(.i32, 5)
        writer.writeInt32(self.medium)
        writer.field(.i64, 6)
        writer.writeInt64(self.large)
        writer.field(.double, 7)
        writer.writeDouble(self.real)
        writer.field(.string, 8)
        writer.writeString(self.text)
        writer.field(.struct, 9)
        self.containers.write(to: &writer)
        writer.field(.set, 10)
        writer.beginList(of: .i32, count: self.numbers.count)
        for element in self.numbers.inWireOrder {
            writer.writeInt32(element)
        }
        writer.field(.map, 11)
        writer.beginMap(key: .string, value: .struct, count: self.structs.count)
        for (key, value) in self.structs.inWireOrder {
            writer.writeString(key)
            value.write(to: &writer)
        }
        writer.field(.struct, 12)
        self.choice.write(to: &writer)
        writer.field(.list, 13)
        writer.beginList(of: .bool, count: self.flags.count)
        for element in self.flags {
            writer.writeBool(element)
        }
        writer.field(.string, 20)
        writer.writeString(self.last)
        writer.endStruct(outer)
    }
}

/// Names that Swift keeps for itself.
package struct Words: ThriftStruct, Hashable {
    package var `guard`: Int32
    package var `where`: Int32
    package var `func`: Int32
    package var `extension`: Int32?
    package var `let`: Int32
    package var writer: Int32
    package var reader: Int32
    package var outer: Int32
    package var value: Int32
    package var `subscript`: Int32
    package var init_: Int32
    package var snakeCaseName: Int32

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        `guard`: Int32 = 0,
        `where`: Int32 = 0,
        `func`: Int32 = 0,
        `extension`: Int32? = nil,
        `let`: Int32 = 0,
        writer: Int32 = 0,
        reader: Int32 = 0,
        outer: Int32 = 0,
        value: Int32 = 0,
        `subscript`: Int32 = 0,
        init_: Int32 = 0,
        snakeCaseName: Int32 = 0
    ) {
        self.guard = `guard`
        self.where = `where`
        self.func = `func`
        self.extension = `extension`
        self.let = `let`
        self.writer = writer
        self.reader = reader
        self.outer = outer
        self.value = value
        self.subscript = `subscript`
        self.init_ = init_
        self.snakeCaseName = snakeCaseName
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i32):
                self.guard = try reader.readInt32()
            case (2, .i32):
                self.where = try reader.readInt32()
            case (3, .i32):
                self.func = try reader.readInt32()
            case (4, .i32):
                self.extension = try reader.readInt32()
            case (5, .i32):
                self.let = try reader.readInt32()
            case (6, .i32):
                self.writer = try reader.readInt32()
            case (7, .i32):
                self.reader = try reader.readInt32()
            case (8, .i32):
                self.outer = try reader.readInt32()
            case (9, .i32):
                self.value = try reader.readInt32()
            case (10, .i32):
                self.subscript = try reader.readInt32()
            case (11, .i32):
                self.init_ = try reader.readInt32()
            case (12, .i32):
                self.snakeCaseName = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i32, 1)
        writer.writeInt32(self.guard)
        writer.field(.i32, 2)
        writer.writeInt32(self.where)
        writer.field(.i32, 3)
        writer.writeInt32(self.func)
        if let value = self.extension {
            writer.field(.i32, 4)
            writer.writeInt32(value)
        }
        writer.field(.i32, 5)
        writer.writeInt32(self.let)
        writer.field(.i32, 6)
        writer.writeInt32(self.writer)
        writer.field(.i32, 7)
        writer.writeInt32(self.reader)
        writer.field(.i32, 8)
        writer.writeInt32(self.outer)
        writer.field(.i32, 9)
        writer.writeInt32(self.value)
        writer.field(.i32, 10)
        writer.writeInt32(self.subscript)
        writer.field(.i32, 11)
        writer.writeInt32(self.init_)
        writer.field(.i32, 12)
        writer.writeInt32(self.snakeCaseName)
        writer.endStruct(outer)
    }
}

/// Struct `Everything`.
package struct Everything: ThriftStruct, Hashable {
    package var scalars: Scalars
    package var optionals: Optionals
    package var defaults: Defaults
    package var containers: Containers
    package var node: Node
    package var choice: Choice
    package var words: Words
    package var empty: Empty
    package var numbered: Numbered
    package var requireds: Requireds?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        scalars: Scalars = Scalars(),
        optionals: Optionals = Optionals(),
        defaults: Defaults = Defaults(),
        containers: Containers = Containers(),
        node: Node = Node(),
        choice: Choice = Choice.unknown(0),
        words: Words = Words(),
        empty: Empty = Empty(),
        numbered: Numbered = Numbered(),
        requireds: Requireds? = nil
    ) {
        self.scalars = scalars
        self.optionals = optionals
        self.defaults = defaults
        self.containers = containers
        self.node = node
        self.choice = choice
        self.words = words
        self.empty = empty
        self.numbered = numbered
        self.requireds = requireds
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .struct):
                self.scalars = try Scalars(from: &reader)
            case (2, .struct):
                self.optionals = try Optionals(from: &reader)
            case (3, .struct):
                self.defaults = try Defaults(from: &reader)
            case (4, .struct):
                self.containers = try Containers(from: &reader)
            case (5, .struct):
                self.node = try Node(from: &reader)
            case (6, .struct):
                self.choice = try Choice(from: &reader)
            case (7, .struct):
                self.words = try Words(from: &reader)
            case (8, .struct):
                self.empty = try Empty(from: &reader)
            case (9, .struct):
                self.numbered = try Numbered(from: &reader)
            case (10, .struct):
                self.requireds = try Requireds(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.struct, 1)
        self.scalars.write(to: &writer)
        writer.field(.struct, 2)
        self.optionals.write(to: &writer)
        writer.field(.struct, 3)
        self.defaults.write(to: &writer)
        writer.field(.struct, 4)
        self.containers.write(to: &writer)
        writer.field(.struct, 5)
        self.node.write(to: &writer)
        writer.field(.struct, 6)
        self.choice.write(to: &writer)
        writer.field(.struct, 7)
        self.words.write(to: &writer)
        writer.field(.struct, 8)
        self.empty.write(to: &writer)
        writer.field(.struct, 9)
        self.numbered.write(to: &writer)
        if let value = self.requireds {
            writer.field(.struct, 10)
            value.write(to: &writer)
        }
        writer.endStruct(outer)
    }
}

/// Exception `Oops`.
package struct Oops: ThriftStruct, Hashable, Error {
    package var why: String
    package var number: Int32
    package var context: Everything?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(why: String = "", number: Int32 = 0, context: Everything? = nil) {
        self.why = why
        self.number = number
        self.context = context
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.why = try reader.readString()
            case (2, .i32):
                self.number = try reader.readInt32()
            case (3, .struct):
                self.context = try Everything(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeString(self.why)
        writer.field(.i32, 2)
        writer.writeInt32(self.number)
        if let value = self.context {
            writer.field(.struct, 3)
            value.write(to: &writer)
        }
        writer.endStruct(outer)
    }
}

/// Exception `Nope`.
package struct Nope: ThriftStruct, Hashable, Error {
    package var color: Color

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(color: Color = Color(rawValue: 0)) {
        self.color = color
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i32):
                self.color = Color(rawValue: try reader.readInt32())
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i32, 1)
        writer.writeInt32(self.color.rawValue)
        writer.endStruct(outer)
    }
}

/// What the IDL says of the methods of `Base`, and who may call them.
package enum BaseMethods {
    package static let ping = MethodDescriptor(service: "Base", method: "ping", roles: ["any"])
    package static let echo = MethodDescriptor(service: "Base", method: "echo", roles: ["any"])
    /// Every method.
    package static let all: [MethodDescriptor] = [ping, echo]
}

/// Serves `Base`.
package protocol BaseHandler: Sendable {
    func ping(context: CallContext) async throws
    /// Answers with what it got.
    func echo(everything: Everything, context: CallContext) async throws -> Everything
}

/// Calls `Base`.
package struct BaseClient: Sendable {
    /// The connection that carries the calls.
    package let caller: any ThriftCaller

    /// Creates a client over a connection.
    package init(_ caller: any ThriftCaller) {
        self.caller = caller
    }

    package func ping(options: CallOptions = CallOptions()) async throws {
        let reply = try await self.caller.call(BaseMethods.ping, options: options) { _ in }
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            default: try reader.skip(field.type)
            }
        }
    }

    /// Answers with what it got.
    package func echo(everything: Everything, options: CallOptions = CallOptions()) async throws -> Everything {
        let reply = try await self.caller.call(BaseMethods.echo, options: options) { writer in
            writer.field(.struct, 1)
            everything.write(to: &writer)
        }
        var success: Everything?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try Everything(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        guard let success else { throw BaseMethods.echo.missingResult }
        return success
    }
}

/// Serves `Base` by a handler.
package struct BaseProcessor<Handler: BaseHandler>: ThriftService {
    package static var serviceName: String { "Base" }
    /// The methods, each bound to the handler.
    package let methods: [ThriftMethod]

    /// Creates the service over its handler.
    package init(_ handler: Handler) {
        methods = [
            ThriftMethod(BaseMethods.ping) { try await Self.ping($0, handler) },
            ThriftMethod(BaseMethods.echo) { try await Self.echo($0, handler) },
        ]
    }

    private static func ping(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        try call.decode { field, reader throws(ThriftError) in
            try reader.skip(field.type)
        }
        try await handler.ping(context: call.context)
        return call.answer { _ in }
    }

    private static func echo(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var everything: Everything = Everything()
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                everything = try Everything(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        let success = try await handler.echo(everything: everything, context: call.context)
        return call.answer { writer in
            writer.field(.struct, 0)
            success.write(to: &writer)
        }
    }
}

/// What the IDL says of the methods of `Peer`, and who may call them.
package enum PeerMethods {
    package static let ping = MethodDescriptor(service: "Peer", method: "ping", roles: ["any"])
    package static let echo = MethodDescriptor(service: "Peer", method: "echo", roles: ["any"])
    package static let sum = MethodDescriptor(service: "Peer", method: "sum", roles: ["any"])
    package static let concat = MethodDescriptor(service: "Peer", method: "concat", roles: ["any"])
    package static let reversed = MethodDescriptor(service: "Peer", method: "reversed", roles: ["any"])
    package static let choices = MethodDescriptor(service: "Peer", method: "choices", roles: ["any"])
    package static let fail = MethodDescriptor(service: "Peer", method: "fail", roles: ["any"])
    package static let failVoid = MethodDescriptor(service: "Peer", method: "failVoid", roles: ["any"])
    package static let tell = MethodDescriptor(service: "Peer", method: "tell", oneway: true, roles: ["any"])
    package static let told = MethodDescriptor(service: "Peer", method: "told", roles: ["any"])
    package static let names = MethodDescriptor(service: "Peer", method: "names", roles: ["any"])
    package static let shorten = MethodDescriptor(service: "Peer", method: "shorten", roles: ["any"])
    /// Every method.
    package static let all: [MethodDescriptor] = [
        ping,
        echo,
        sum,
        concat,
        reversed,
        choices,
        fail,
        failVoid,
        tell,
        told,
        names,
        shorten
    ]
}

/// Serves `Peer`.
package protocol PeerHandler: BaseHandler {
    func sum(numbers: [Int64], plus: Int64, context: CallContext) async throws -> Int64
    func concat(left: String, right: String, context: CallContext) async throws -> String
    func reversed(bytes: [UInt8], context: CallContext) async throws -> [UInt8]
    func choices(colors: Set<Color>, context: CallContext) async throws -> [String: Choice]
    /// Throws Oops for 1, Nope for 2, dies of something undeclared for 3, and returns for others.
    func fail(how: Int32, context: CallContext) async throws -> Int32
    func failVoid(really: Bool, context: CallContext) async throws
    /// Counts; `told` answers with the count.
    func tell(number: Int32, context: CallContext) async throws
    func told(context: CallContext) async throws -> Int32
    /// Arguments named as generated code names things; answers with their sum.
    func names(
        reader: Int32,
        field: Int32,
        writer: Int32,
        call: Int32,
        handler: Int32,
        options: Int32,
        context: Int32,
        reply: Int32,
        outer: Int32,
        context_: CallContext
    ) async throws -> Int32
    func shorten(newer: Newer, context: CallContext) async throws -> Older
}

/// Calls `Peer`.
package struct PeerClient: Sendable {
    /// The connection that carries the calls.
    package let caller: any ThriftCaller

    /// Creates a client over a connection.
    package init(_ caller: any ThriftCaller) {
        self.caller = caller
    }

    package func ping(options: CallOptions = CallOptions()) async throws {
        let reply = try await self.caller.call(PeerMethods.ping, options: options) { _ in }
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            default: try reader.skip(field.type)
            }
        }
    }

    /// Answers with what it got.
    package func echo(everything: Everything, options: CallOptions = CallOptions()) async throws -> Everything {
        let reply = try await self.caller.call(PeerMethods.echo, options: options) { writer in
            writer.field(.struct, 1)
            everything.write(to: &writer)
        }
        var success: Everything?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try Everything(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        guard let success else { throw PeerMethods.echo.missingResult }
        return success
    }

    package func sum(numbers: [Int64], plus: Int64, options: CallOptions = CallOptions()) async throws -> Int64 {
        let reply = try await self.caller.call(PeerMethods.sum, options: options) { writer in
            writer.field(.list, 1)
            writer.beginList(of: .i64, count: numbers.count)
            for element in numbers {
                writer.writeInt64(element)
            }
            writer.field(.i64, 2)
            writer.writeInt64(plus)
        }
        var success: Int64?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .i64):
                success = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        guard let success else { throw PeerMethods.sum.missingResult }
        return success
    }

    package func concat(left: String, right: String, options: CallOptions = CallOptions()) async throws -> String {
        let reply = try await self.caller.call(PeerMethods.concat, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(left)
            writer.field(.string, 2)
            writer.writeString(right)
        }
        var success: String?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .string):
                success = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        guard let success else { throw PeerMethods.concat.missingResult }
        return success
    }

    package func reversed(bytes: [UInt8], options: CallOptions = CallOptions()) async throws -> [UInt8] {
        let reply = try await self.caller.call(PeerMethods.reversed, options: options) { writer in
            writer.field(.string, 1)
            writer.writeBinary(bytes)
        }
        var success: [UInt8]?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .string):
                success = try reader.readBinary()
            default: try reader.skip(field.type)
            }
        }
        guard let success else { throw PeerMethods.reversed.missingResult }
        return success
    }

    package func choices(colors: Set<Color>, options: CallOptions = CallOptions()) async throws -> [String: Choice] {
        let reply = try await self.caller.call(PeerMethods.choices, options: options) { writer in
            writer.field(.set, 1)
            writer.beginList(of: .i32, count: colors.count)
            for element in colors.inWireOrder {
                writer.writeInt32(element.rawValue)
            }
        }
        var success: [String: Choice]?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .map):
                success = try reader.readMap(key: .string, value: .struct, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try Choice(from: &reader) })
            default: try reader.skip(field.type)
            }
        }
        guard let success else { throw PeerMethods.choices.missingResult }
        return success
    }

    /// Throws Oops for 1, Nope for 2, dies of something undeclared for 3, and returns for others.
    package func fail(how: Int32, options: CallOptions = CallOptions()) async throws -> Int32 {
        let reply = try await self.caller.call(PeerMethods.fail, options: options) { writer in
            writer.field(.i32, 1)
            writer.writeInt32(how)
        }
        var success: Int32?
        var thrown1: Oops?
        var thrown2: Nope?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .i32):
                success = try reader.readInt32()
            case (1, .struct):
                thrown1 = try Oops(from: &reader)
            case (2, .struct):
                thrown2 = try Nope(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        if let thrown2 { throw thrown2 }
        guard let success else { throw PeerMethods.fail.missingResult }
        return success
    }

    package func failVoid(really: Bool, options: CallOptions = CallOptions()) async throws {
        let reply = try await self.caller.call(PeerMethods.failVoid, options: options) { writer in
            writer.boolField(1, really)
        }
        var thrown1: Oops?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                thrown1 = try Oops(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
    }

    /// Counts; `told` answers with the count.
    package func tell(number: Int32, options: CallOptions = CallOptions()) async throws {
        _ = try await self.caller.call(PeerMethods.tell, options: options) { writer in
            writer.field(.i32, 1)
            writer.writeInt32(number)
        }
    }

    package func told(options: CallOptions = CallOptions()) async throws -> Int32 {
        let reply = try await self.caller.call(PeerMethods.told, options: options) { _ in }
        var success: Int32?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .i32):
                success = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        guard let success else { throw PeerMethods.told.missingResult }
        return success
    }

    /// Arguments named as generated code names things; answers with their sum.
    package func names(
        reader: Int32,
        field: Int32,
        writer: Int32,
        call: Int32,
        handler: Int32,
        options: Int32,
        context: Int32,
        reply: Int32,
        outer: Int32,
        options_: CallOptions = CallOptions()
    ) async throws -> Int32 {
        let reply_ = try await self.caller.call(PeerMethods.names, options: options_) { writer_ in
            writer_.field(.i32, 1)
            writer_.writeInt32(reader)
            writer_.field(.i32, 2)
            writer_.writeInt32(field)
            writer_.field(.i32, 3)
            writer_.writeInt32(writer)
            writer_.field(.i32, 4)
            writer_.writeInt32(call)
            writer_.field(.i32, 5)
            writer_.writeInt32(handler)
            writer_.field(.i32, 6)
            writer_.writeInt32(options)
            writer_.field(.i32, 7)
            writer_.writeInt32(context)
            writer_.field(.i32, 8)
            writer_.writeInt32(reply)
            writer_.field(.i32, 9)
            writer_.writeInt32(outer)
        }
        var success: Int32?
        var thrown1: Oops?
        try reply_?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .i32):
                success = try reader.readInt32()
            case (1, .struct):
                thrown1 = try Oops(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw PeerMethods.names.missingResult }
        return success
    }

    package func shorten(newer: Newer, options: CallOptions = CallOptions()) async throws -> Older {
        let reply = try await self.caller.call(PeerMethods.shorten, options: options) { writer in
            writer.field(.struct, 1)
            newer.write(to: &writer)
        }
        var success: Older?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try Older(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        guard let success else { throw PeerMethods.shorten.missingResult }
        return success
    }
}

/// Serves `Peer` by a handler.
package struct PeerProcessor<Handler: PeerHandler>: ThriftService {
    package static var serviceName: String { "Peer" }
    /// The methods, each bound to the handler.
    package let methods: [ThriftMethod]

    /// Creates the service over its handler.
    package init(_ handler: Handler) {
        methods = [
            ThriftMethod(PeerMethods.ping) { try await Self.ping($0, handler) },
            ThriftMethod(PeerMethods.echo) { try await Self.echo($0, handler) },
            ThriftMethod(PeerMethods.sum) { try await Self.sum($0, handler) },
            ThriftMethod(PeerMethods.concat) { try await Self.concat($0, handler) },
            ThriftMethod(PeerMethods.reversed) { try await Self.reversed($0, handler) },
            ThriftMethod(PeerMethods.choices) { try await Self.choices($0, handler) },
            ThriftMethod(PeerMethods.fail) { try await Self.fail($0, handler) },
            ThriftMethod(PeerMethods.failVoid) { try await Self.failVoid($0, handler) },
            ThriftMethod(PeerMethods.tell) { try await Self.tell($0, handler) },
            ThriftMethod(PeerMethods.told) { try await Self.told($0, handler) },
            ThriftMethod(PeerMethods.names) { try await Self.names($0, handler) },
            ThriftMethod(PeerMethods.shorten) { try await Self.shorten($0, handler) },
        ]
    }

    private static func ping(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        try call.decode { field, reader throws(ThriftError) in
            try reader.skip(field.type)
        }
        try await handler.ping(context: call.context)
        return call.answer { _ in }
    }

    private static func echo(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var everything: Everything = Everything()
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                everything = try Everything(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        let success = try await handler.echo(everything: everything, context: call.context)
        return call.answer { writer in
            writer.field(.struct, 0)
            success.write(to: &writer)
        }
    }

    private static func sum(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var numbers: [Int64] = []
        var plus: Int64 = 5
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .list):
                numbers = try reader.readList(of: .i64) { reader throws(ThriftError) in try reader.readInt64() }
            case (2, .i64):
                plus = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        let success = try await handler.sum(numbers: numbers, plus: plus, context: call.context)
        return call.answer { writer in
            writer.field(.i64, 0)
            writer.writeInt64(success)
        }
    }

    private static func concat(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var left: String = ""
        var right: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                left = try reader.readString()
            case (2, .string):
                right = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        let success = try await handler.concat(left: left, right: right, context: call.context)
        return call.answer { writer in
            writer.field(.string, 0)
            writer.writeString(success)
        }
    }

    private static func reversed(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var bytes: [UInt8] = []
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                bytes = try reader.readBinary()
            default: try reader.skip(field.type)
            }
        }
        let success = try await handler.reversed(bytes: bytes, context: call.context)
        return call.answer { writer in
            writer.field(.string, 0)
            writer.writeBinary(success)
        }
    }

    private static func choices(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var colors: Set<Color> = []
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .set):
                colors = try reader.readSet(of: .i32) { reader throws(ThriftError) in Color(rawValue: try reader.readInt32()) }
            default: try reader.skip(field.type)
            }
        }
        let success = try await handler.choices(colors: colors, context: call.context)
        return call.answer { writer in
            writer.field(.map, 0)
            writer.beginMap(key: .string, value: .struct, count: success.count)
            for (key, value) in success.inWireOrder {
                writer.writeString(key)
                value.write(to: &writer)
            }
        }
    }

    private static func fail(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var how: Int32 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i32):
                how = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.fail(how: how, context: call.context)
            return call.answer { writer in
                writer.field(.i32, 0)
                writer.writeInt32(success)
            }
        } catch let thrown1 as Oops {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        } catch let thrown2 as Nope {
            return call.answer { writer in
                writer.field(.struct, 2)
                thrown2.write(to: &writer)
            }
        }
    }

    private static func failVoid(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var really: Bool = false
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .bool):
                really = try reader.readBool()
            default: try reader.skip(field.type)
            }
        }
        do {
            try await handler.failVoid(really: really, context: call.context)
            return call.answer { _ in }
        } catch let thrown1 as Oops {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func tell(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var number: Int32 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i32):
                number = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        try await handler.tell(number: number, context: call.context)
        return nil
    }

    private static func told(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        try call.decode { field, reader throws(ThriftError) in
            try reader.skip(field.type)
        }
        let success = try await handler.told(context: call.context)
        return call.answer { writer in
            writer.field(.i32, 0)
            writer.writeInt32(success)
        }
    }

    private static func names(_ call_: ThriftCall, _ handler_: Handler) async throws -> ThriftAnswer? {
        var reader_: Int32 = 0
        var field_: Int32 = 0
        var writer: Int32 = 0
        var call: Int32 = 0
        var handler: Int32 = 0
        var options: Int32 = 0
        var context: Int32 = 0
        var reply: Int32 = 0
        var outer: Int32 = 0
        try call_.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i32):
                reader_ = try reader.readInt32()
            case (2, .i32):
                field_ = try reader.readInt32()
            case (3, .i32):
                writer = try reader.readInt32()
            case (4, .i32):
                call = try reader.readInt32()
            case (5, .i32):
                handler = try reader.readInt32()
            case (6, .i32):
                options = try reader.readInt32()
            case (7, .i32):
                context = try reader.readInt32()
            case (8, .i32):
                reply = try reader.readInt32()
            case (9, .i32):
                outer = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler_.names(
                reader: reader_,
                field: field_,
                writer: writer,
                call: call,
                handler: handler,
                options: options,
                context: context,
                reply: reply,
                outer: outer,
                context_: call_.context
            )
            return call_.answer { writer in
                writer.field(.i32, 0)
                writer.writeInt32(success)
            }
        } catch let thrown1 as Oops {
            return call_.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func shorten(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var newer: Newer = Newer()
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                newer = try Newer(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        let success = try await handler.shorten(newer: newer, context: call.context)
        return call.answer { writer in
            writer.field(.struct, 0)
            success.write(to: &writer)
        }
    }
}
