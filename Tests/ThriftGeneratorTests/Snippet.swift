import ThriftGenerator

/// Generates from the body of one document.
enum Snippet {
    static func swift(
        _ body: String, namespace: String = "", options: SwiftGenerator.Options = .init()
    ) throws -> String {
        let xml = """
            <idl xmlns="http://thrift.apache.org/xml/idl">
              <document name="snippet">\(namespace)\(body)</document>
            </idl>
            """
        let files = try SwiftGenerator(options: options).files(for: DocumentReader.documents(fromXML: xml))
        return files[0].text
    }

    /// What a snippet's error says; nil when it has none.
    static func error(_ body: String, options: SwiftGenerator.Options = .init()) -> String? {
        do {
            _ = try swift(body, options: options)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
