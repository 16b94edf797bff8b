#include "app/config_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "app/plumbing.h"

namespace fas::app {
namespace {

using ::testing::HasSubstr;

constexpr const char* text = R"({"min_tasks": 1})";

// Where FAST_AUTOSCALER_CONFIG says this.
class Configured {
  public:
    explicit Configured(std::optional<std::string> variable)
        : plumbing_([variable = std::move(variable)](const char* name) {
              return std::string_view{name} == "FAST_AUTOSCALER_CONFIG" ? variable : std::nullopt;
          }) {}

    Result<ConfigSource> source(const std::optional<std::string>& option = {}) {
        return ConfigSource::make(option, plumbing_);
    }
    Result<std::optional<Document>> read(ConfigSource& source) {
        return plumbing_.reactor.run(source.read_change(reactor::Scope{}));
    }

  private:
    Plumbing plumbing_;
};

TEST(ConfigSource, ADocumentInTheVariableIsReadOnceAndNeverChanges) {
    Configured configured{text};
    auto source = configured.source();
    ASSERT_TRUE(source);
    EXPECT_TRUE(source->exists());
    EXPECT_FALSE(source->in_aws());

    const auto first = configured.read(*source);
    ASSERT_TRUE(first && *first);
    EXPECT_EQ((*first)->name, "FAST_AUTOSCALER_CONFIG");
    EXPECT_EQ((*first)->text, text);
    EXPECT_FALSE(source->exists());

    const auto second = configured.read(*source);
    ASSERT_TRUE(second);
    EXPECT_FALSE(*second);
}

TEST(ConfigSource, ADocumentInTheOptionIsNamedByItAndWins) {
    Configured configured{"s3://bucket/key"};
    auto source = configured.source(text);
    ASSERT_TRUE(source);
    const auto document = configured.read(*source);
    ASSERT_TRUE(document && *document);
    EXPECT_EQ((*document)->name, "--config");
    EXPECT_EQ((*document)->text, text);
}

// As templates of YAML write it over several lines.
TEST(ConfigSource, ADocumentMayBeginWithSpace) {
    const std::string spaced = std::string{" \r\n\t"} + text;
    Configured configured{spaced};
    auto source = configured.source();
    ASSERT_TRUE(source);
    const auto document = configured.read(*source);
    ASSERT_TRUE(document && *document);
    EXPECT_EQ((*document)->text, spaced);
}

TEST(ConfigSource, AnythingElseIsAFile) {
    Configured configured{"nowhere/{x}.json"};
    auto source = configured.source();
    ASSERT_TRUE(source);
    const auto document = configured.read(*source);
    ASSERT_FALSE(document);
    EXPECT_THAT(document.error().message, HasSubstr("nowhere/{x}.json"));
    EXPECT_TRUE(source->exists());
}

TEST(ConfigSource, WhatIsInAwsIsToldApart) {
    Configured configured{std::nullopt};
    for (const char* place : {"s3://bucket/key", "ssm:/name"}) {
        const auto source = configured.source(place);
        ASSERT_TRUE(source);
        EXPECT_TRUE(source->exists());
        EXPECT_TRUE(source->in_aws());
    }
    const auto nowhere = configured.source();
    ASSERT_TRUE(nowhere);
    EXPECT_FALSE(nowhere->exists());
    EXPECT_FALSE(nowhere->in_aws());
}

}  // namespace
}  // namespace fas::app
