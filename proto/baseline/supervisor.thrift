/** Apps, versions, packages, bindings and keys. */
namespace cpp elves.v1
namespace java io.elves.v1
namespace py elves.v1.supervisor

include "common.thrift"

/** One immutable version of an app. */
struct AppVersion {
  1: string app
  2: string version
  3: common.AppManifest manifest
  4: common.Tree tree
  /** UTC milliseconds. */
  5: i64 createdAt
  /** Id of the key that pushed it. */
  6: string createdBy
}

/** Which agents run an app. */
struct Binding {
  1: string app
  /** Selector, ip, name, or a comma list of them. */
  2: string targets
  3: i64 createdAt
}

/** An app as people see it. */
struct AppInfo {
  1: string app
  2: string summary
  /** The version agents should run; empty before the first activate. */
  3: string liveVersion
  4: list<string> versions
  5: list<Binding> bindings
  /** UTC milliseconds of the last change. */
  6: i64 updatedAt
}

/** What a key may do. An empty list means all. */
struct KeyScope {
  1: list<string> apps
  2: list<string> functions
  /** Selectors, ips, names; an agent that any of them hits is in scope. */
  3: list<string> agents
  /** Whether it may change apps, bindings and keys. */
  4: bool admin
}

/** A key without its secret. */
struct KeyInfo {
  1: string id
  2: string comment
  3: KeyScope scope
  /** Whether MD5 signatures are accepted beside HMAC-SHA256. */
  4: bool legacyMd5
  /** Whether a signed call must carry a nonce. */
  5: bool requireNonce
  6: i64 createdAt
  7: bool revoked
}

/** A key as openapi needs it to check signatures and tokens. */
struct KeyRecord {
  1: KeyInfo info
  /** The HMAC and MD5 secret. */
  2: string secret
  /** SHA-256 of the bearer token, 32 bytes. */
  3: binary tokenDigest
}

/** A new key; secret and token are shown this once. */
struct NewKey {
  1: KeyInfo info
  2: string secret
  3: string token
}

struct KeyRequest {
  1: string comment
  2: KeyScope scope
  3: bool legacyMd5
  4: bool requireNonce
}

/** Keys as of `generation`. */
struct KeyChanges {
  1: i64 generation
  /** Whether `keys` is everything (after = 0, or the history is gone) or what changed since. */
  2: bool complete
  3: list<KeyRecord> keys
}

/** An app as other components need it. */
struct CatalogApp {
  1: AppInfo info
  /** Absent before the first activate. */
  2: optional AppVersion live
  /** The app was removed: agents that have it delete it. */
  3: bool removed
  /** Grows with every change of this app. */
  4: i64 generation
}

/** Apps as of `generation`. */
struct CatalogChanges {
  1: i64 generation
  2: bool complete
  3: list<CatalogApp> apps
}

struct PackageUpload {
  /** The file's name; `{app}_{version}.zip` names an ELVES 2.0 app. */
  1: string filename
  /** Bytes. */
  2: i64 size
}

struct PushResult {
  1: AppVersion version
  /** Whether the push also made it live: true for an app's first version. */
  2: bool activated
}

/** Served by `elves-supervisor`. */
service SupervisorService {
  list<AppInfo> apps() throws (1: common.Fault fault) (roles = "openapi")
  AppInfo app(1: string app) throws (1: common.Fault fault) (roles = "openapi")
  AppVersion appVersion(1: string app, 2: string version) throws (1: common.Fault fault) (roles = "openapi")

  /** Opens an upload; the answer names it in the next calls. */
  string beginPush(1: PackageUpload upload) throws (1: common.Fault fault) (roles = "openapi")
  /** At most 1 MiB a call, in order. */
  void pushChunk(1: string upload, 2: i64 offset, 3: binary bytes) throws (1: common.Fault fault) (roles = "openapi")
  /** Checks the package and stores it. Nothing is stored when a check fails. */
  PushResult finishPush(1: string upload) throws (1: common.Fault fault) (roles = "openapi")
  void abortPush(1: string upload) throws (1: common.Fault fault) (roles = "openapi")

  AppInfo activate(1: string app, 2: string version) throws (1: common.Fault fault) (roles = "openapi")
  AppInfo bind(1: string app, 2: string targets) throws (1: common.Fault fault) (roles = "openapi")
  AppInfo unbind(1: string app, 2: string targets) throws (1: common.Fault fault) (roles = "openapi")
  void remove(1: string app) throws (1: common.Fault fault) (roles = "openapi")

  NewKey createKey(1: KeyRequest request) throws (1: common.Fault fault) (roles = "openapi")
  list<KeyInfo> keys() throws (1: common.Fault fault) (roles = "openapi")
  KeyInfo revokeKey(1: string id) throws (1: common.Fault fault) (roles = "openapi")

  /** Waits up to `waitMs` for a generation above `after`. */
  KeyChanges keyChanges(1: i64 after, 2: i64 waitMs) throws (1: common.Fault fault) (roles = "openapi")
  CatalogChanges catalogChanges(1: i64 after, 2: i64 waitMs) throws (1: common.Fault fault) (roles = "openapi,heartbeat")
  /** At most 256 KiB a call; shorter only at the file's end. */
  binary readFile(1: binary digest, 2: i64 offset, 3: i32 length) throws (1: common.Fault fault) (roles = "heartbeat")
}
