import ElvesCore
import Testing

@Suite struct Elves2SignatureTests {
    @Test func theContractsVectorComesOut() {
        let text = Elves2Signature.text(
            path: "/foo/bar",
            parameters: [("key2", "value2"), ("timestamp", "1234567890"), ("sign_type", "MD5"), ("key1", "value1")],
            secret: "testkey")
        #expect(text == "/foo/bar?key1=value1&key2=value2&timestamp=1234567890testkey")
    }

    @Test func theRulesHold() {
        let text = Elves2Signature.text(
            path: "//api/v2/rt/exec",
            parameters: [("b", nil), ("sign", "x"), ("a", "1 &="), ("a", "2"), ("B", ""), ("é", "ü")], secret: " s \n")
        #expect(text == "/api/v2/rt/exec?B=&a=1 &=&b=&é=ü s")
    }

    @Test func withoutParametersTheMarkStays() {
        #expect(Elves2Signature.text(path: "/x", parameters: []) == "/x?")
    }
}
