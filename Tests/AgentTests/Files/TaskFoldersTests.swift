import ElvesCore
import Glibc
import Runner
import Testing

@testable import Agent

@Suite struct TaskFoldersTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
        try folder.agent.prepare()
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test func aPlaceIsPrivateAndUsedAgainWhenItIsEmpty() throws {
        let folders = try TaskFolders(folder.agent)
        let keys = (0..<3).map { _ in AttemptKey(taskId: freshTask()) }
        let first = try folders.take(keys[0])
        let second = try folders.take(keys[1])
        #expect(first != second && folders.place(of: keys[0]) == first)
        #expect(mode(first.path) == 0o700 && mode(first.output) == 0o700)
        #expect(TaskFolders.isUntouched(first))
        folders.release(keys[0], isClean: true)
        #expect(folders.place(of: keys[0]) == nil)
        #expect(try folders.take(keys[2]) == first)
    }

    @Test func nothingOfOneTaskIsLeftForTheNext() throws {
        let folders = try TaskFolders(folder.agent)
        let mischief: [(String) throws -> Void] = [
            { try OpenFile($0 + "/file", O_WRONLY | O_CREAT).write([1]) },
            { mkdir($0 + "/sub", 0o777) },
            { symlink("/etc/passwd", $0 + "/link") },
            { chmod($0, 0o777) },
            { rmdir($0) },
            { path in
                rmdir(path)
                symlink("/etc", path)
            },
        ]
        for harm in mischief {
            let key = AttemptKey(taskId: freshTask())
            let place = try folders.take(key)
            #expect(TaskFolders.isUntouched(place) && mode(place.output) == 0o700)
            try harm(place.output)
            #expect(!TaskFolders.isUntouched(place))
            folders.release(key, isClean: TaskFolders.isUntouched(place))
        }
        #expect(Disk.exists("/etc/passwd"))
    }

    @Test func aRestartKeepsThePlacesOfOpenAttempts() throws {
        let open = AttemptKey(taskId: freshTask(), attempt: 3)
        let gone = AttemptKey(taskId: freshTask())
        var places: [TaskFolders.Place] = []
        do {
            let folders = try TaskFolders(folder.agent)
            for key in [gone, open] {
                let place = try folders.take(key)
                try OpenFile(place.output + "/file", O_WRONLY | O_CREAT).write([1])
                places.append(place)
            }
        }
        let folders = try TaskFolders(folder.agent, open: [open])
        #expect(folders.place(of: open) == places[1] && Disk.exists(places[1].output + "/file"))
        #expect(folders.place(of: gone) == nil && !Disk.exists(places[0].output + "/file"))
        // The place of the one that is gone is free.
        #expect(try folders.take(AttemptKey(taskId: freshTask())) == places[0])
    }

    @Test func aFolderThatCannotBeMadeIsTold() throws {
        let folders = try TaskFolders(folder.agent)
        try folder.write("run/files/0", "in the way")
        #expect(throws: ElvesError.self) { try folders.take(AttemptKey(taskId: freshTask())) }
    }
}
