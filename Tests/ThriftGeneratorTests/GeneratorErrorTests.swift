import Testing
import ThriftGenerator

/// IDL that Swift, or we, cannot take: the error names the place and what would be right.
@Suite struct GeneratorErrorTests {
    @Test(arguments: [
        (#"<struct name="String" />"#, "Swift needs this name itself"),
        (#"<struct name="A" /><enum name="A" />"#, "both A in Swift"),
        (
            #"<struct name="A"><field name="b_c" field-id="1" type="i32" /><field name="bC" field-id="2" type="i32" /></struct>"#,
            "b_c and bC are both bC"
        ),
        (#"<struct name="A"><field name="x" field-id="-1" type="i32" /></struct>"#, "give it one from 1 to 32766"),
        (#"<struct name="A"><field name="x" field-id="32767" type="i32" /></struct>"#, "give it one from 1 to 32766"),
        (
            #"<struct name="A"><field name="a" field-id="1" type="id" type-module="snippet" type-id="A" /></struct>"#,
            "make that field optional"
        ),
        (
            #"<struct name="K" /><struct name="A"><field name="x" field-id="1" type="set"><elemType type="id" type-module="snippet" type-id="K" /></field></struct>"#,
            "has no order on the wire"
        ),
        (#"<struct name="A"><field name="x" field-id="1" type="uuid" /></struct>"#, "does not know the type uuid"),
        (#"<const name="X" type="i8"><int>300</int></const>"#, "300 does not fit Int8"),
        (#"<union name="U"><field name="unknown" field-id="1" type="i32" /></union>"#, "unknown is taken"),
    ])
    func saysWhatIsWrong(idl: String, expected: String) throws {
        let error = try #require(Snippet.error(idl), "no error")
        #expect(error.contains(expected), "\(error)")
    }

    @Test func otherFilesAreRefused() {
        #expect(throws: GeneratorError.self) { try DocumentReader.documents(fromXML: "<html></html>") }
        #expect(throws: GeneratorError.self) { try DocumentReader.documents(fromXML: "no xml") }
    }

    @Test func aRecursiveFieldIsBoxed() throws {
        let text = try Snippet.swift(
            """
            <struct name="A"><field name="a" field-id="1" required="optional" type="id" type-module="snippet" type-id="A" />
            </struct>
            """)
        #expect(text.contains("@ThriftIndirect package var a: A?"))
    }
}
