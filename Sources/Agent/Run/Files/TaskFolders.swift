internal import ElvesCore
internal import Glibc
package import Runner
internal import Synchronization

/// The folders in which tasks find the files of their call and leave those that they return.
///
/// Making and removing a folder for each task would cost a tenth of a short one, so there is a place for each task
/// that runs, and the next one gets the same, empty again:
///
///     run/files/3/out     ELVES_OUTPUT_DIR
///     run/files/3/in      ELVES_FILES_DIR, only for tasks with files
///     run/files/3/result  the task's result, while what it returned is on its way
///     run/files/places    whose each place is: 32 bytes a place, the attempt's marker
package final class TaskFolders: Sendable {
    /// One task's place.
    struct Place: Sendable, Hashable {
        let number: Int
        let path: String

        var output: String { path + "/out" }
        var input: String { path + "/in" }
        var result: String { path + "/result" }
    }

    private struct State {
        var places: [AttemptKey: Place] = [:]
        var free: [Int] = []
        var count = 0
    }

    private static let recordLength = 32
    private let root: String
    private let table: OpenFile
    private let state: Mutex<State>

    /// Opens the folders of an agent; only places of attempts in `open` are left as they are.
    package init(_ folder: AgentFolder, open: [AttemptKey] = []) throws {
        root = folder.run + "/files"
        try Disk.makeFolders(root)
        chmod(root, 0o700)
        table = try OpenFile(root + "/places", O_RDWR | O_CREAT, mode: 0o600)
        let records = try table.read(at: 0, length: 1 << 20)
        var state = State()
        let busy = Dictionary(open.map { ($0.marker, $0) }, uniquingKeysWith: { first, _ in first })
        let numbers = Disk.names(in: root).compactMap { Int($0) }.filter { $0 >= 0 && $0 < 1 << 15 }
        state.count = (numbers.max() ?? -1) + 1
        for number in 0..<state.count {
            let place = Place(number: number, path: "\(root)/\(number)")
            let record = records.dropFirst(number * Self.recordLength).prefix(Self.recordLength)
            let marker = String(decoding: record.prefix { $0 > 0x20 }, as: UTF8.self)
            if let key = busy[marker], state.places[key] == nil {
                state.places[key] = place
            } else {
                Disk.remove(place.path)
                state.free.append(number)
            }
        }
        self.state = Mutex(state)
    }

    /// The place of an attempt that has one.
    func place(of key: AttemptKey) -> Place? { state.withLock { $0.places[key] } }

    /// A place for an attempt: an empty output folder.
    func take(_ key: AttemptKey) throws(ElvesError) -> Place {
        let number = state.withLock { state in
            if let free = state.free.popLast() { return free }
            state.count += 1
            return state.count - 1
        }
        let place = Place(number: number, path: "\(root)/\(number)")
        do throws(ElvesError) {
            var record = Array(key.marker.utf8.prefix(Self.recordLength - 1))
            record += [UInt8](repeating: 0x0A, count: Self.recordLength - record.count)
            try table.write(record, at: Int64(number * Self.recordLength))
            try Self.makePrivate(place.path, place.output)
        } catch {
            state.withLock { $0.free.append(number) }
            throw error
        }
        state.withLock { $0.places[key] = place }
        return place
    }

    /// Gives an attempt's place back, empty.
    ///
    /// - Parameter isClean: whether nothing has been left in it.
    func release(_ key: AttemptKey, isClean: Bool) {
        guard let place = state.withLock({ $0.places.removeValue(forKey: key) }) else { return }
        if !isClean { Disk.remove(place.path) }
        state.withLock { $0.free.append(place.number) }
    }

    /// Makes the folder for the files of a call.
    func makeInput(_ place: Place) throws(ElvesError) {
        guard mkdir(place.input, 0o700) == 0 || errno == EEXIST else {
            throw Disk.error("make the folder", place.input)
        }
    }

    /// Whether a worker has left nothing, and its folder as it was.
    static func isUntouched(_ place: Place) -> Bool {
        let folder = open(place.output, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return false }
        var status = stat()
        let isPrivate = fstat(folder, &status) == 0 && status.st_mode & 0o7777 == 0o700
        guard let names = fdopendir(folder) else {
            close(folder)
            return false
        }
        defer { closedir(names) }
        while let entry = readdir(names) {
            let (first, second, third) = (entry.pointee.d_name.0, entry.pointee.d_name.1, entry.pointee.d_name.2)
            let dot = CChar(UInt8(ascii: "."))
            if first == dot, second == 0 || second == dot && third == 0 { continue }
            return false
        }
        return isPrivate
    }

    /// Folders that are there, nobody else's to read.
    private static func makePrivate(_ path: String, _ output: String) throws(ElvesError) {
        // What is there was found as it should be when it was given back.
        if access(output, F_OK) == 0 { return }
        for folder in [path, output] where mkdir(folder, 0o700) != 0 && errno != EEXIST {
            throw Disk.error("make the folder", folder)
        }
    }
}
