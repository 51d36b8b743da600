internal import CElvesProcess
internal import Glibc

/// Starts programs that are no workers.
package enum ProcessStart {
    /// Starts a program in a session of its own, in this process's working folder and environment.
    ///
    /// Returns its pid or the negative errno. Descriptors beside the two given are not inherited.
    package static func detached(_ command: [String], input: Int32, output: Int32) -> Int32 {
        guard let program = command.first else { return -EINVAL }
        var step: Int32 = 0
        var pidfd: Int32 = -1
        let pid = CStrings.with(command) { arguments in
            program.withCString { path in
                var order = elves_spawn_order()
                order.path = path
                order.arguments = arguments
                order.environment = UnsafePointer(environ)
                order.fds = (input, output, output, -1)
                order.cgroup = -1
                order.umask = 0o022
                return ".".withCString { folder in
                    order.folder = folder
                    return elves_spawn(&order, &pidfd, &step)
                }
            }
        }
        if pidfd >= 0 { close(pidfd) }
        return pid
    }
}
