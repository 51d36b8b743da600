import Testing
import ThriftGenerator

/// Small IDL and the Swift expected of it. The whole language is in Tests/ConformanceTests/fixtures.
@Suite struct SwiftGeneratorTests {
    @Test func aStructHasItsDefaultsAndChecksRequiredFields() throws {
        let text = try Snippet.swift(
            """
            <struct name="Point" doc="Where.\nTwo lines.">
              <field name="x_axis" field-id="2" type="i32" doc="Right."><default><int>3</int></default></field>
              <field name="label" field-id="1" required="required" type="string" />
              <field name="func" field-id="3" required="optional" type="bool" />
            </struct>
            """)
        #expect(
            text == """
                // swift-format-ignore-file
                // Made by elves-thrift from snippet.thrift. Do not edit: `make generate`.

                /// Where.
                /// Two lines.
                package struct Point: ThriftStruct, Hashable {
                    /// Right.
                    package var xAxis: Int32
                    package var label: String
                    package var `func`: Bool?

                    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
                    package init(xAxis: Int32 = 3, label: String = "", `func`: Bool? = nil) {
                        self.xAxis = xAxis
                        self.label = label
                        self.func = `func`
                    }

                    package init(from reader: inout ThriftReader) throws(ThriftError) {
                        self.init()
                        var has1 = false
                        let outer = try reader.beginStruct()
                        while let field = try reader.nextField() {
                            switch (field.id, field.type) {
                            case (2, .i32):
                                self.xAxis = try reader.readInt32()
                            case (1, .string):
                                self.label = try reader.readString()
                                has1 = true
                            case (3, .bool):
                                self.func = try reader.readBool()
                            default: try reader.skip(field.type)
                            }
                        }
                        reader.endStruct(outer)
                        guard has1 else { throw ThriftError(.missingField, "snippet.Point lacks its required field label") }
                    }

                    package func write(to writer: inout ThriftWriter) {
                        let outer = writer.beginStruct()
                        writer.field(.string, 1)
                        writer.writeString(self.label)
                        writer.field(.i32, 2)
                        writer.writeInt32(self.xAxis)
                        if let value = self.func {
                            writer.boolField(3, value)
                        }
                        writer.endStruct(outer)
                    }
                }

                """)
    }

    @Test func anEnumIsOpenAndKnowsItsNames() throws {
        let text = try Snippet.swift(
            """
            <enum name="Color"><member name="RED" value="1" /><member name="DARK_BLUE" value="-7" doc="Deep." /></enum>
            """)
        #expect(text.contains("package struct Color: ThriftEnum {\n    package let rawValue: Int32\n"))
        #expect(text.contains("    package static let red = Color(rawValue: 1)\n    /// Deep.\n"))
        #expect(text.contains("    package static let all: [Color] = [.red, .darkBlue]\n"))
        #expect(text.contains("        case -7: \"DARK_BLUE\"\n        default: nil\n"))
    }

    @Test func containersAreWrittenInOrderAndReadUnderTheBudget() throws {
        let text = try Snippet.swift(
            """
            <struct name="S"><field name="m" field-id="1" type="map"><keyType type="string" />
            <valueType type="set"><elemType type="i32" /></valueType></field></struct>
            """)
        #expect(text.contains("package var m: [String: Set<Int32>]"))
        #expect(
            text.contains(
                "try reader.readMap(key: .string, value: .set, "
                    + "{ reader throws(ThriftError) in try reader.readString() }, "
                    + "{ reader throws(ThriftError) in try reader.readSet(of: .i32) "
                    + "{ reader throws(ThriftError) in try reader.readInt32() } })"))
        #expect(text.contains("for (key, value) in self.m.inWireOrder {"))
        #expect(text.contains("for element2 in value.inWireOrder {"))
    }

    @Test func aNamespaceNestsEverything() throws {
        let text = try Snippet.swift(
            """
            <typedef name="Ids" type="list"><elemType type="id" type-module="snippet" type-id="Id" /></typedef>
            <typedef name="Id" type="i64" />
            """,
            namespace: #"<namespace name="swift" value="Old" />"#, options: .init(moduleImport: "Thrift"))
        #expect(text.contains("package import Thrift\n\n/// Names of snippet.thrift.\npackage enum Old {\n"))
        #expect(text.contains("    package typealias Ids = [Old.Id]\n"))
    }

    @Test func constantsAreLiteralsOfTheirType() throws {
        let text = try Snippet.swift(
            """
            <const name="GREETING" type="string"><string>a "b" \\ &#10;</string></const>
            <const name="PRIMES" type="set"><elemType type="i32" />
              <list><entry><int>2</int></entry><entry><int>2</int></entry></list></const>
            <const name="SMALL" type="i64"><int>-9223372036854775808</int></const>
            """)
        #expect(text.contains(#"package static let greeting: String = "a \"b\" \\ \n""#))
        #expect(text.contains("package static let primes: Set<Int32> = [2]"))
        #expect(text.contains("package static let small: Int64 = -9223372036854775808"))
    }

    @Test func theSameDocumentsGiveTheSameText() throws {
        let body = #"<struct name="B" /><struct name="A" /><enum name="C"><member name="X" value="0" /></enum>"#
        #expect(try Snippet.swift(body) == Snippet.swift(body))
    }
}
