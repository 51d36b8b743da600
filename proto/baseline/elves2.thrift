/** The structs and services of ELVES 2.0, for conformance and for processors written against it. */
namespace cpp elves2
namespace java elves2
namespace py elves2
namespace swift Elves2

struct Instruct {
  1: string id
  2: string ip
  /** cron, queue or rt. */
  3: string type
  /** P or NP. */
  4: string mode
  5: string app
  6: string func
  7: string param
  /** Seconds. */
  8: i32 timeout
  9: string proxy
}

struct Reinstruct {
  1: Instruct ins
  /** 1, 0 or -1. */
  3: i32 flag
  /** Milliseconds. */
  4: i32 costtime
  5: string result
}

struct AgentInfo {
  /** Asset name. */
  1: string id
  2: string ip
  3: string version
  /** JSON map of app to version. */
  4: string apps
}

/** An app's processor. */
service AppService {
  string runProcessor(1: Reinstruct reins)
}

service SchedulerService {
  string dataTransport(1: Reinstruct reins)
}

service AgentService {
  list<Reinstruct> instructionInvokeAsync(1: list<Instruct> insList)
  Reinstruct instructionInvokeSync(1: Instruct ins)
  string aliveCheck()
}

service HeartbeatService {
  string heartbeatPackage(1: AgentInfo info)
}
