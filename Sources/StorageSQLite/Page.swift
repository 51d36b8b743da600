/// A page of a list that is read by key, never by offset.
///
/// Ask the store for `limit + 1` rows above the caller's cursor, in the cursor's order, and hand
/// them in: the extra row only tells whether another page follows.
package struct Page<Item, Cursor> {
    /// The rows, at most `limit`.
    package let items: [Item]
    /// What to pass as `after` for the next page; nil at the end.
    package let next: Cursor?

    /// A page of `rows`, which were fetched with a limit of `limit + 1`.
    package init(rows: [Item], limit: Int, cursor: (Item) -> Cursor) {
        items = Array(rows.prefix(max(0, limit)))
        next = rows.count > items.count ? items.last.map(cursor) : nil
    }
}

extension Page: Sendable where Item: Sendable, Cursor: Sendable {}
extension Page: Equatable where Item: Equatable, Cursor: Equatable {}
