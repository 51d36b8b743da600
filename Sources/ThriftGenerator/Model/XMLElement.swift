import Foundation
import FoundationXML

/// An element of the compiler's XML, with its children in order.
final class XMLElement {
    let name: String
    let attributes: [String: String]
    fileprivate(set) var children: [XMLElement] = []
    fileprivate(set) var text = ""

    init(name: String, attributes: [String: String]) {
        self.name = name
        self.attributes = attributes
    }

    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// An attribute that must be there.
    func attribute(_ key: String) throws -> String {
        guard let value = attributes[key] else {
            throw GeneratorError("<\(name)> without \(key): is this the output of `thrift --gen xml:merge`?")
        }
        return value
    }

    /// Parses a whole document and returns its root.
    static func parse(_ xml: String) throws -> XMLElement {
        let builder = TreeBuilder()
        let parser = XMLParser(data: Data(keepingLineBreaks(of: xml).utf8))
        parser.delegate = builder
        guard parser.parse(), let root = builder.root else {
            let reason = parser.parserError.map { String(describing: $0) } ?? "no element"
            throw GeneratorError("not XML: \(reason), line \(parser.lineNumber)")
        }
        return root
    }

    /// The compiler writes line breaks raw into attributes (`doc`), where XML reads them as spaces.
    private static func keepingLineBreaks(of xml: String) -> String {
        var result = ""
        result.reserveCapacity(xml.utf8.count + 1024)
        var quoted = false
        var inTag = false
        var inComment = false
        var recent = ""
        for character in xml.unicodeScalars {
            recent = String((recent + String(character)).suffix(4))
            if inComment {
                inComment = !recent.hasSuffix("-->")
            } else if recent == "<!--" {
                inComment = true
                inTag = false
            } else if quoted {
                quoted = character != "\""
            } else if inTag {
                quoted = character == "\""
                inTag = character != ">"
            } else {
                inTag = character == "<"
            }
            if quoted, character == "\n" {
                result += "&#10;"
            } else {
                result.unicodeScalars.append(character)
            }
        }
        return result
    }
}

private final class TreeBuilder: NSObject, XMLParserDelegate {
    var root: XMLElement?
    private var open: [XMLElement] = []

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        let element = XMLElement(name: name, attributes: attributes)
        if let parent = open.last { parent.children.append(element) } else { root = element }
        open.append(element)
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        open.last?.text += string
    }
}
