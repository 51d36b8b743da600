/** The first words on every connection, and what travels beside every call. */
namespace cpp elves.v1
namespace java io.elves.v1
namespace py elves.v1.channel

/**
 * Field 32767 of every argument and result struct, first on the wire. A peer that does not know
 * it skips it as an unknown field.
 */
struct CallHeader {
  /** Milliseconds that the caller still waits. Absent: no limit but the connection's own. */
  1: optional i64 deadlineMs
  /** W3C traceparent. */
  2: optional string trace
  /** Who asked at the edge: a key id, a person, a schedule. */
  3: optional string caller
  /** Signed permission, opaque to the channel. */
  4: optional binary grant
}

/** What the dialling side says first. */
struct Hello {
  /** Oldest and newest protocol version spoken; this IDL is version 1. */
  1: i32 oldest
  2: i32 newest
  3: list<string> features
  /** Instance name, unique among those of its role. */
  4: string instance
  /** Grows with every start of the instance. */
  5: i64 epoch
  /** Program version, for people. */
  6: string version
  /** Which start of the machine this is; agents say it. */
  7: optional string boot
  /** How many tasks run at once on the machine, when it says so; agents do. */
  8: optional i32 maxRunning
}

/** The answer to a hello. */
struct Welcome {
  /** The protocol version both sides now speak. */
  1: i32 agreed
  2: list<string> features
  3: string instance
  4: i64 epoch
  5: string version
}

/** The two sides have no protocol version in common, or the newcomer is not wanted. */
exception Refused {
  1: string code
  2: string message
}

/** Served by both sides of every connection, before anything else. */
service ChannelService {
  Welcome hello(1: Hello hello) throws (1: Refused refused) (roles = "any")
  /** Answers at once: the other side lives. */
  void ping() (roles = "any")
  /** The caller of `seqid` no longer waits. */
  oneway void cancel(1: i32 seqid) (roles = "any")
}
