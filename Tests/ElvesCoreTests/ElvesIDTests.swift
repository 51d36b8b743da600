import ElvesCore
import Testing

@Suite struct ElvesIDTests {
    @Test func textIsSixteenLowerCaseDigits() throws {
        let id = try #require(ElvesID(rawValue: 0x00A1_B2C3_D4E5_F607))
        #expect(id.description == "00a1b2c3d4e5f607")
        #expect(ElvesID("00A1B2C3D4E5F607") == id)
        #expect(ElvesID("00a1b2c3D4e5f607") == id)
    }

    @Test(arguments: [
        "", "0", "0000000000000000", "00a1b2c3d4e5f60", "00a1b2c3d4e5f6070", "00a1b2c3d4e5f60g", "8000000000000000",
        "+0a1b2c3d4e5f607", " 0a1b2c3d4e5f607", "ffffffffffffffff",
    ])
    func othersAreRefused(text: String) {
        #expect(ElvesID(text) == nil)
    }

    @Test func zeroAndNegativeNumbersAreNoIds() {
        #expect(ElvesID(rawValue: 0) == nil)
        #expect(ElvesID(rawValue: -1) == nil)
        #expect(ElvesID(rawValue: .max)?.description == "7fffffffffffffff")
    }

    @Test func idsSortAsTheirTextDoes() throws {
        let ids = try [3, 0x1_0000_0000, .max, 1].map { try #require(ElvesID(rawValue: $0)) }.sorted()
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
    }
}
