// A test of an AWS client's calls, each against a server of its own that has one answer.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

#include "tests/clients/aws/aws_fixture.h"

namespace fas::clients {

template <class Client>
class AnsweredClient : public ::testing::Test {
  protected:
    // What comes of `call(client, scope)`.
    template <class Call>
    auto answered(std::string answer, Call call) {
        const test::TestServer server(
            test::replying([this, answer = std::move(answer)](const test::ReceivedRequest& r) {
                asked_ = r;
                return answer;
            }));
        AwsSurroundings aws(server);
        Client client(aws.context);
        return aws.reactor.run(call(client, reactor::Scope{}.within(std::chrono::seconds{60})));
    }

    test::ReceivedRequest asked_;  // read after the server has ended
};

}  // namespace fas::clients
