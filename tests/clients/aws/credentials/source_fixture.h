// What a source needs in a test: a server that keeps what it was asked, and parts that lead there.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "clients/aws/credentials/default_chain.h"
#include "tests/clients/aws/aws_fixture.h"
#include "tests/reactor/test_server.h"

namespace fas::clients {

class RecordingServer {
  public:
    using Reply = std::function<std::string(const test::ReceivedRequest&)>;

    explicit RecordingServer(Reply reply) : reply_(std::move(reply)) {}

    // Gives its answers one after the other, the last one for ever.
    static Reply in_order(std::vector<std::string> answers) {
        return [answers = std::move(answers), next = std::size_t{0}](const auto&) mutable {
            return answers[std::min(next++, answers.size() - 1)];
        };
    }

    std::string url(const std::string& target = "") const { return server_.url(target); }

    std::vector<test::ReceivedRequest> requests() {
        const std::scoped_lock lock(mutex_);
        return requests_;
    }

  private:
    std::string answer(const test::ReceivedRequest& request) {
        const std::scoped_lock lock(mutex_);
        requests_.push_back(request);
        return reply_(request);
    }

    std::mutex mutex_;
    Reply reply_;
    std::vector<test::ReceivedRequest> requests_;
    test::TestServer server_{
        test::replying([this](const test::ReceivedRequest& request) { return answer(request); })};
};

// One process's surroundings, with an environment of the test's own.
struct SourceSurroundings {
    explicit SourceSurroundings(Variables variables)
        : settings(settings_of(std::move(variables))) {}

    template <class Source>
    Result<FetchedCredentials> fetch(Source& source) {
        return reactor.run(source.fetch(reactor::Scope{}.within(std::chrono::seconds{60})));
    }

    reactor::Reactor reactor;
    reactor::HttpClient http{reactor, reactor::HttpClientOptions{}};
    HandClock clock;
    Logger log{LogLevel::error};
    AwsSettings settings;
    CredentialsParts parts{reactor, http, clock, log, settings, "eu-west-1"};
};

// A file in a folder of the test's own, gone with it.
class TemporaryFile {
  public:
    explicit TemporaryFile(const std::string& text) {
        std::string folder = ::testing::TempDir() + "fas-token-XXXXXX";
        EXPECT_NE(::mkdtemp(folder.data()), nullptr);
        folder_ = folder;
        write(text);
    }
    ~TemporaryFile() { std::filesystem::remove_all(folder_); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    void write(const std::string& text) const { std::ofstream{path()} << text; }
    std::string path() const { return folder_ / "token"; }
    std::string folder() const { return folder_; }

  private:
    std::filesystem::path folder_;
};

}  // namespace fas::clients
