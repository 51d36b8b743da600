// libthrift's servers over the same IDL and the same work as ours: answer a RunTask by a TaskResult.
//   bench_server KIND THREADS   prints the port, serves until standard input ends
// KIND: nonblocking (framed, THREADS I/O threads) or threaded (framed, a thread per connection).
#include <thrift/TProcessor.h>
#include <thrift/concurrency/ThreadFactory.h>
#include <thrift/processor/TMultiplexedProcessor.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/server/TNonblockingServer.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TNonblockingServerSocket.h>
#include <thrift/transport/TServerSocket.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <thread>

#include "AgentService.h"

using namespace apache::thrift;
using namespace apache::thrift::protocol;
using namespace apache::thrift::server;
using namespace apache::thrift::transport;

class Echo : public elves::v1::AgentServiceNull {
public:
    void run(elves::v1::TaskResult &answer, const elves::v1::RunTask &task) override {
        answer.taskId = task.taskId;
        answer.attempt = task.attempt;
        answer.state = elves::v1::TaskState::SUCCEEDED;
        answer.flag = 1;
        answer.costMs = 3;
        answer.message = task.param;
    }
};

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    auto processor = std::make_shared<TMultiplexedProcessor>();
    processor->registerProcessor(
        "AgentService", std::make_shared<elves::v1::AgentServiceProcessor>(std::make_shared<Echo>()));
    auto protocol = std::make_shared<TBinaryProtocolFactory>();
    std::thread([] {
        while (std::cin.get() != EOF) {}
        std::_Exit(0);
    }).detach();
    if (std::strcmp(argv[1], "nonblocking") == 0) {
        auto socket = std::make_shared<TNonblockingServerSocket>("127.0.0.1", 0);
        TNonblockingServer server(processor, protocol, socket);
        server.setNumIOThreads(std::atoi(argv[2]));
        std::thread([&] {
            while (server.getListenPort() == 0) std::this_thread::yield();
            std::printf("%d\n", server.getListenPort());
            std::fflush(stdout);
        }).detach();
        server.serve();
    } else {
        auto socket = std::make_shared<TServerSocket>("127.0.0.1", 0);
        std::thread([socket] {
            while (socket->getPort() == 0) std::this_thread::yield();
            std::printf("%d\n", socket->getPort());
            std::fflush(stdout);
        }).detach();
        TThreadedServer server(processor, socket, std::make_shared<TFramedTransportFactory>(), protocol);
        server.serve();
    }
}
