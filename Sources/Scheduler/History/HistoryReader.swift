import ElvesCore
import GRDB

/// Lists ended tasks by the indexes of a SQLite file.
///
/// Of the filters that have an index, the one walks whose entries reach furthest back: it has the fewest. The others
/// are checked on its rows, at most a window of them for a page, so that a page costs about the same whatever is asked.
struct HistoryReader {
    let query: HistoryQuery
    let db: Database

    /// Ids that match, newest first, at most `limit`; and where the page ended before that, if the window did.
    func ids(limit: Int) throws -> (ids: [Int64], end: Int64?) {
        var range = query
        if let batch = query.batch {
            // The ids of a batch's tasks follow its own.
            let last = try Int64.fetchOne(
                db.cachedStatement(sql: "SELECT max(task_id) FROM plan WHERE batch_id = ?"),
                arguments: [batch.rawValue])
            range.from = max(range.from, batch.rawValue + 1)
            range.before = min(range.before, (last ?? batch.rawValue) + 1)
        }
        guard range.from < range.before else { return ([], nil) }
        let walk = try rarest(walks(range), range)
        let end = try id(HistoryLimits.window, in: walk, range)
        let statement = try db.cachedStatement(
            sql: """
                SELECT t.id FROM \(walk.source) WHERE \(walk.condition)
                AND \(walk.id) < ? AND \(walk.id) >= ? \(rest.sql) ORDER BY \(walk.id) DESC LIMIT ?
                """)
        let arguments: StatementArguments =
            walk.arguments + [range.before, max(range.from, end ?? 0)] + rest.arguments + [limit]
        let ids = try Int64.fetchAll(statement, arguments: arguments)
        return (ids, ids.count < limit ? end : nil)
    }

    /// An index to walk along, newest first.
    private struct Walk {
        /// What to read from: `t` is the table of what lists filter by.
        var source: String
        /// The same without `t`, when its entries hold the id themselves.
        var entries: String
        var id = "t.id"
        var condition: String
        var arguments: StatementArguments
    }

    /// One for each filter that has an index.
    private func walks(_ range: HistoryQuery) throws -> [Walk] {
        func by(_ index: String, _ condition: String, _ arguments: StatementArguments = []) -> Walk {
            let source = "task_index AS t INDEXED BY \(index)"
            return Walk(source: source, entries: source, condition: condition, arguments: arguments)
        }
        var walks: [Walk] = []
        if let agent = query.agent { walks.append(by("task_index_agent", "t.agent_id = ?", [agent.rawValue])) }
        if query.agent == nil, !query.ip.isEmpty {
            let agents = try Int64.fetchAll(
                db.cachedStatement(sql: "SELECT agent_id FROM agent_address WHERE ip = ? LIMIT 2"),
                arguments: [query.ip])
            // None: nothing is there. Several: all tasks are walked instead.
            if agents.count < 2 {
                walks.append(by("task_index_agent", "t.agent_id = ?", [agents.first ?? -1]))
            }
        }
        if !query.app.isEmpty, !query.function.isEmpty {
            walks.append(by("task_index_function", "t.app = ? AND t.function = ?", [query.app, query.function]))
        } else if !query.app.isEmpty {
            walks.append(by("task_index_app", "t.app = ?", [query.app]))
        }
        if !query.caller.isEmpty { walks.append(by("task_index_caller", "t.caller = ?", [query.caller])) }
        if !query.states.isEmpty, query.states.allSatisfy({ $0.rawValue > TaskState.succeeded.rawValue }) {
            walks.append(by("task_index_bad", "t.state > 10"))
        }
        for (name, value) in query.labels {
            let entries = "task_label AS l"
            walks.append(
                Walk(
                    source: "\(entries) CROSS JOIN task_index AS t ON t.id = l.task_id", entries: entries,
                    id: "l.task_id", condition: "l.name = ? AND l.value = ?", arguments: [name, value]))
        }
        return walks
    }

    /// The walk with the fewest entries in the range, going by the first thousand; that of all tasks when there is none.
    private func rarest(_ walks: [Walk], _ range: HistoryQuery) throws -> Walk {
        var best: (walk: Walk, reach: Int64)?
        for walk in walks {
            let reach = walks.count == 1 ? 0 : try id(HistoryLimits.probe, in: walk, range) ?? 0
            if best.map({ reach < $0.reach }) ?? true { best = (walk, reach) }
            // All of it is in reach: none can be much shorter.
            if reach == 0 { break }
        }
        let all = "task_index AS t NOT INDEXED"
        return best?.walk ?? Walk(source: all, entries: all, condition: "true", arguments: [])
    }

    /// The id of the walk's entry of that number in the range, from 0; nil when there are fewer.
    private func id(_ number: Int, in walk: Walk, _ range: HistoryQuery) throws -> Int64? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(walk.id) FROM \(walk.entries) WHERE \(walk.condition)
                AND \(walk.id) < ? AND \(walk.id) >= ? ORDER BY \(walk.id) DESC LIMIT 1 OFFSET ?
                """)
        return try Int64.fetchOne(statement, arguments: walk.arguments + [range.before, range.from, number])
    }

    /// Every filter, on the row.
    private var rest: (sql: String, arguments: StatementArguments) {
        var sql = ""
        var arguments: StatementArguments = []
        func add(_ condition: String, _ more: StatementArguments) {
            sql += " AND \(condition)"
            arguments += more
        }
        if !query.app.isEmpty { add("+t.app = ?", [query.app]) }
        if !query.function.isEmpty { add("+t.function = ?", [query.function]) }
        if let agent = query.agent { add("+t.agent_id = ?", [agent.rawValue]) }
        if !query.ip.isEmpty { add("+t.ip = ?", [query.ip]) }
        if !query.caller.isEmpty { add("+t.caller = ?", [query.caller]) }
        if let batch = query.batch { add("+t.batch_id = ?", [batch.rawValue]) }
        if !query.states.isEmpty {
            add("+t.state IN (\(query.states.map { String($0.rawValue) }.sorted().joined(separator: ", ")))", [])
        }
        for (name, value) in query.labels.sorted(by: { $0.key < $1.key }) {
            add("EXISTS (SELECT 1 FROM task_label WHERE name = ? AND value = ? AND task_id = t.id)", [name, value])
        }
        return (sql, arguments)
    }
}
