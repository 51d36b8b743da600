import ElvesContracts
import Thrift

/// Who may call what, written down a second time: the IDL's table is the one that counts, and this says what it
/// should be. A method without a row, or a row without a method, fails the test.
enum AuthorizationTable {
    /// Each method with the roles that may call it; every other pair is refused. `local` is the other end of a
    /// Unix socket, `everyone` whoever has a certificate or is local.
    static let text = """
        ChannelService:hello              everyone
        ChannelService:ping               everyone
        ChannelService:cancel             everyone
        ComponentService:status           openapi scheduler heartbeat supervisor operator queue cron cmdbproxy

        SchedulerService:execute          openapi queue cron
        SchedulerService:task             openapi queue cron
        SchedulerService:createBatch      openapi queue cron
        SchedulerService:batch            openapi queue cron
        SchedulerService:batchEnds        openapi queue cron
        SchedulerService:connectedAgents  openapi heartbeat
        SchedulerService:tasks            openapi queue cron
        SchedulerService:cancel           openapi queue cron
        SchedulerService:retryTask        openapi queue cron
        SchedulerService:results          openapi queue cron
        SchedulerService:batches          openapi queue cron
        SchedulerService:stopBatch        openapi queue cron
        SchedulerService:batchGroups      openapi
        SchedulerService:output           openapi
        SchedulerService:beginBlob        openapi
        SchedulerService:blobChunk        openapi
        SchedulerService:finishBlob       openapi
        SchedulerService:abortBlob        openapi
        SchedulerService:blob             openapi
        SchedulerService:readBlob         openapi
        SchedulerService:events           openapi queue cron
        SchedulerService:createWebhook    openapi
        SchedulerService:webhooks         openapi
        SchedulerService:deleteWebhook    openapi
        SchedulerService:deadLetters      openapi
        SchedulerService:redeliver        openapi

        TaskReportService:report          agent
        TaskReportService:started         agent
        TaskReportService:output          agent
        TaskReportService:fetchBlob       agent
        TaskReportService:putBlob         agent

        HeartbeatService:beat             agent
        HeartbeatService:fetchFile        agent
        HeartbeatService:resolve          openapi scheduler queue cron
        HeartbeatService:agents           openapi
        HeartbeatService:agent            openapi scheduler
        HeartbeatService:events           scheduler

        SupervisorService:apps            openapi
        SupervisorService:app             openapi
        SupervisorService:appVersion      openapi
        SupervisorService:beginPush       openapi
        SupervisorService:pushChunk       openapi
        SupervisorService:finishPush      openapi
        SupervisorService:abortPush       openapi
        SupervisorService:activate        openapi
        SupervisorService:bind            openapi
        SupervisorService:unbind          openapi
        SupervisorService:remove          openapi
        SupervisorService:createKey       openapi
        SupervisorService:keys            openapi
        SupervisorService:revokeKey       openapi
        SupervisorService:keyChanges      openapi
        SupervisorService:catalogChanges  openapi heartbeat
        SupervisorService:readFile        heartbeat

        AgentService:run                  scheduler
        AgentService:resume               scheduler
        AgentService:attempts             scheduler
        AgentService:recorded             scheduler
        AgentService:follow               scheduler
        AgentService:kill                 scheduler
        AgentService:refresh              heartbeat

        RunnerService:run                 local
        RunnerService:kill                local
        RunnerService:running             local
        RunnerService:awaitEnd            local
        RunnerService:copyOutput          local
        AgentLocalService:status          local
        """

    /// The roles that certificates name in the test; `stranger` is one that no program has.
    static let roles = [
        "openapi", "scheduler", "heartbeat", "supervisor", "agent", "operator", "queue", "cron", "cmdbproxy",
        "stranger",
    ]

    /// What each program serves; an agent serves on the connections that it dialled.
    static let served: [String: Set<String>] = [
        "openapi": ["ChannelService", "ComponentService"],
        "scheduler": ["ChannelService", "ComponentService", "SchedulerService", "TaskReportService"],
        "heartbeat": ["ChannelService", "ComponentService", "HeartbeatService"],
        "supervisor": ["ChannelService", "ComponentService", "SupervisorService"],
        "agent": ["ChannelService", "AgentService"],
        "run/runner.sock": ["ChannelService", "RunnerService"],
        "run/agent.sock": ["ChannelService", "AgentLocalService"],
    ]

    /// Our services, as generated.
    static let services: [[MethodDescriptor]] = [
        ChannelServiceMethods.all, ComponentServiceMethods.all, SchedulerServiceMethods.all,
        TaskReportServiceMethods.all,
        HeartbeatServiceMethods.all, SupervisorServiceMethods.all, AgentServiceMethods.all, RunnerServiceMethods.all,
        AgentLocalServiceMethods.all,
    ]

    /// Services of ELVES 2.0, generated for processors that speak it; none of our programs serves them.
    static let foreign: [[MethodDescriptor]] = [
        Elves2.AppServiceMethods.all, Elves2.SchedulerServiceMethods.all, Elves2.AgentServiceMethods.all,
        Elves2.HeartbeatServiceMethods.all,
    ]

    /// What the table says, by the method's name on the wire.
    static let allowed: [String: Set<String>] = Dictionary(
        uniqueKeysWithValues: text.split(separator: "\n").map { line in
            let words = line.split(separator: " ").map(String.init)
            let roles = words.dropFirst()
            return (words[0], roles == ["everyone"] ? Set(Self.roles + ["local"]) : Set(roles))
        })

    /// What a call with arguments that make no sense must come to: `invalidData` shows that it got as far as
    /// decoding them, so it would have run.
    static func expected(_ method: MethodDescriptor, by role: String, at program: String) -> ThriftError.Code {
        let isOurs = services.joined().contains { $0.wireName == method.wireName }
        guard isOurs, served[program]?.contains(method.service) == true else { return .unknownMethod }
        return allowed[method.wireName]?.contains(role) == true ? .invalidData : .denied
    }
}
