#include "app/lambda_handler.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <variant>

namespace fas::app {
namespace {

// What comes of an event that has a configuration: its time is over before anything is checked.
constexpr const char* configured = "Autoscaler.TargetsUnchecked";
constexpr const char* not_configured = "Autoscaler.ConfigurationInvalid";

class LambdaHandlerTest : public ::testing::Test {
  protected:
    LambdaHandlerTest() {
        folder_ = ::testing::TempDir() + "lambda-handler-XXXXXX";
        EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
        std::ofstream{config_file()} << "[profile other]\n";
    }
    ~LambdaHandlerTest() override { std::filesystem::remove_all(folder_); }

    std::string config_file() const { return folder_ + "/config"; }

    // The type of the error that comes of it.
    std::string told(std::string event) {
        Invocation invocation{.event = std::move(event), .deadline = TimePoint{}};
        auto outcome = plumbing_.reactor.run(handler_.handle(std::move(invocation)));
        const auto* error = std::get_if<InvocationError>(&outcome);
        return error == nullptr ? "none" : error->type;
    }

    std::string folder_;
    std::map<std::string, std::string, std::less<>> variables_{
        {"AWS_REGION", "eu-west-1"},
        {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
        {"AWS_SECRET_ACCESS_KEY", "key"},
        {"ECS_CLUSTER", "shop"},
        {"SERVICE_NAME", "worker"},
        {"S3_CONFIG_BUCKET", "state"},
        {"SQS_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"}};
    int config_file_looks_ = 1'000;  // that find the file; later ones do not

    Plumbing plumbing_{[this](const char* name) -> std::optional<std::string> {
        if (std::string_view{name} == "AWS_CONFIG_FILE") {
            return config_file_looks_-- > 0 ? config_file() : folder_ + "/gone";
        }
        const auto found = variables_.find(std::string_view{name});
        return found == variables_.end() ? std::nullopt : std::optional{found->second};
    }};
    reactor::SignalWatcher signals_{plumbing_.reactor};
    LambdaHandler handler_{
        LiveConfiguration{*ConfigSource::make(std::nullopt, plumbing_), plumbing_}, plumbing_,
        signals_};
};

// The profile is there when the configuration is read, and gone when the clients are made.
TEST_F(LambdaHandlerTest, AFleetOfTheOldProfileServesNoEventOfTheNewOne) {
    EXPECT_EQ(told(R"({"config": {"min_tasks": 1}})"), configured);
    variables_["SSO_PROFILE"] = "other";
    config_file_looks_ = 1;
    EXPECT_EQ(told("{}"), not_configured);
    EXPECT_EQ(told("{}"), not_configured);
    config_file_looks_ = 1'000;
    EXPECT_EQ(told("{}"), configured);
}

}  // namespace
}  // namespace fas::app
