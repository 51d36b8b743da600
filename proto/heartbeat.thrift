/** Who is alive, what each agent should run, and its files. */
namespace cpp elves.v1
namespace java io.elves.v1
namespace py elves.v1.heartbeat

include "common.thrift"

/** An app that runs on an agent, as the agent itself says. */
struct InstalledApp {
  1: string app
  2: string version
  3: binary treeDigest
  /** Why the wanted version is not installed; empty when it is. */
  4: string problem
}

/** What an agent says of itself. */
struct Beat {
  1: string name
  /** Agent program's version. */
  2: string version
  3: map<string, string> labels
  4: map<string, string> facts
  5: list<InstalledApp> apps
  /** Generation of the desired state that the agent last applied; 0 before the first. */
  6: i64 desiredGeneration
  7: map<string, i64> numbers
}

/** An app that an agent should have. */
struct DesiredApp {
  1: common.AppManifest manifest
  2: common.Tree tree
}

/**
 * What an agent should have. Only what `removals` names is removed; an app in neither list stays
 * as it is, so an empty state removes nothing.
 */
struct DesiredState {
  1: i64 generation
  2: list<DesiredApp> apps
  3: list<string> removals
}

struct BeatReply {
  /** Milliseconds until the next beat. */
  1: i64 intervalMs
  /** Present when the agent's generation is not the current one. */
  2: optional DesiredState desired
}

/** An agent as others see it. */
struct AgentInfo {
  1: i64 id
  2: string ip
  3: string name
  4: string version
  5: map<string, string> labels
  6: map<string, string> facts
  7: list<InstalledApp> apps
  /** Whether its beats arrive. */
  8: bool alive
  /** UTC milliseconds of the last beat. */
  9: i64 lastBeatAt
  10: i64 firstSeenAt
}

/** An agent that a selector hit. */
struct AgentRef {
  1: i64 id
  2: string ip
  3: string name
  4: bool alive
}

/** A frozen list of agents. */
struct Resolution {
  1: list<AgentRef> agents
  /** The inventory's generation that the list was made from. */
  2: i64 generation
  /** Words of the target text that hit nothing. */
  3: list<string> unmatched
}

struct AgentPage {
  1: list<AgentInfo> agents
  /** Pass as `after` for the next page; 0 at the end. */
  2: i64 nextAfter
}

/** Something that happened in the fleet. */
struct FleetEvent {
  /** Grows by one with each event of this start of heartbeat. */
  1: i64 id
  /** UTC milliseconds. */
  2: i64 at
  /** `agent.up`, `agent.down`, `app.installed`, `app.failed`. */
  3: string kind
  4: i64 agentId
  5: string ip
  6: string name
  /** Of an app's event. */
  7: string app
  8: string version
  /** Why; empty when nothing went wrong. */
  9: string problem
}

struct FleetEvents {
  /** Differs with each start of heartbeat: ids of another epoch mean nothing. */
  1: i64 epoch
  2: list<FleetEvent> events
  /** Pass as `after` for the next page. */
  3: i64 nextAfter
  /** Whether events after `after` are gone. */
  4: bool lost
}

/** Served by `elves-heartbeat`. */
service HeartbeatService {
  BeatReply beat(1: Beat beat) throws (1: common.Fault fault) (roles = "agent")
  /** At most 256 KiB a call; only files of trees that the agent should have. */
  binary fetchFile(1: binary digest, 2: i64 offset, 3: i32 length) throws (1: common.Fault fault) (roles = "agent")

  /** `targets`, `exclude`: selectors, ips, names, or comma lists of them; `*` is everything. */
  Resolution resolve(1: string targets, 2: string exclude) throws (1: common.Fault fault) (roles = "openapi,scheduler,queue,cron")
  AgentPage agents(1: string targets, 2: i64 after, 3: i32 limit) throws (1: common.Fault fault) (roles = "openapi")
  AgentInfo agent(1: string ref) throws (1: common.Fault fault) (roles = "openapi,scheduler")
  /** Events after `after` of that epoch, or the newest position for epoch 0; waits up to `waitMs` for at least one. */
  FleetEvents events(1: i64 epoch, 2: i64 after, 3: i32 limit, 4: i64 waitMs) throws (1: common.Fault fault) (roles = "scheduler")
}
