import Testing

@testable import Runner

@Suite struct GroupPlaceTests {
    private func own(_ mounts: String, _ groups: String) -> String? {
        GroupPlace.own(mounts: Array(mounts.utf8), groups: Array(groups.utf8))
    }

    private let usual = "29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"

    @Test func aGroupOfTheOneHierarchy() {
        #expect(own(usual, "0::/system.slice/elves.service\n") == "/sys/fs/cgroup/system.slice/elves.service")
        #expect(own(usual, "0::/\n") == "/sys/fs/cgroup")
    }

    @Test func theVersion2OneAmongOthers() {
        let mounts = """
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
            41 31 0:38 / /sys/fs/cgroup/uni\\040fied rw,relatime - cgroup2 cgroup2 rw
            """
        let groups = "4:memory:/a\n1:cpu:/b\n0::/c\n"
        #expect(own(mounts, groups) == "/sys/fs/cgroup/uni fied/c")
    }

    @Test func aMountThatShowsAPart() {
        let part = "29 23 0:26 /box/1 /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
        #expect(own(part, "0::/box/1/agent\n") == "/sys/fs/cgroup/agent")
        #expect(own(part, "0::/box/1\n") == "/sys/fs/cgroup")
        #expect(own(part, "0::/box/12\n") == nil)
        #expect(own(part + usual, "0::/box/12\n") == "/sys/fs/cgroup/box/12")
    }

    @Test(arguments: ["", "1:cpu:/b\n", "0::/../other\n", "garbage", "0::\n"]) func noGroupInSight(groups: String) {
        #expect(own(usual, groups) == nil)
    }

    @Test(arguments: ["", "29 23 0:26 / /x", "29 23 0:26 / /x rw -", "a - cgroup2", "- - - - - - - cgroup2"])
    func brokenMountsAreNone(mounts: String) { #expect(own(mounts, "0::/\n") == nil) }
}
