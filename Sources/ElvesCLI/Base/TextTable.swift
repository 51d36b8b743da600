/// Columns aligned by their widest cell, two spaces between; the last is not padded.
package struct TextTable {
    private var rows: [[String]]

    /// A table with these headings.
    package init(_ headings: [String]) { rows = [headings] }

    /// Adds a row; an empty cell shows as a dash.
    package mutating func add(_ cells: [String]) { rows.append(cells.map { $0.isEmpty ? "-" : $0 }) }

    /// The lines of the table.
    package var lines: [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1
                    ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }.joined(separator: "  ")
        }
    }
}
