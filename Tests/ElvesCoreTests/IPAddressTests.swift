import ElvesCore
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("10.0.0.1", "10.0.0.1"), ("255.255.255.255", "255.255.255.255"), ("0.0.0.0", "0.0.0.0"), ("::", "::"),
        ("::1", "::1"), ("1::", "1::"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"), ("::ffff:10.0.0.1", "::ffff:a00:1"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("fe80::0:0:1", "fe80::1"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
    ])
    func addressesAreReadAndWritten(text: String, written: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == written)
        #expect(IPAddress(written) == address)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.", "1.2.3.-4", "1.2.3.+4", " 1.2.3.4", ":",
        ":::",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", ":1::2", "1:", "::12345", "::g", "1.2.3.4::", "fe80::1%eth0",
        "1:2:3:4:5:6:7:8::", "::1.2.3", "::+1", "1::2:", ":1:2:3:4:5:6:7",
    ])
    func othersAreRefused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func rangesHoldBothEnds() throws {
        let first = try #require(IPAddress("10.0.0.9"))
        let last = try #require(IPAddress("10.0.0.12"))
        let range = try #require(IPRange(first, last))
        #expect(range.contains(first) && range.contains(last))
        #expect(try !range.contains(#require(IPAddress("10.0.0.13"))))
        #expect(try !range.contains(#require(IPAddress("::10"))))
        #expect(IPRange(last, first) == nil)
        #expect(IPRange(first, prefix: 33) == nil)
    }
}
