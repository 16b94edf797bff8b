// What `settings` says: everything that there is, in lines that a person can read.
#include "app/settings_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

namespace fas::app {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::vector<settings::CatalogSection>& all() {
    static const std::vector<settings::CatalogSection> sections = settings::sections();
    return sections;
}

std::string explained(std::string_view name) {
    std::string text;
    for (const settings::CatalogEntry& entry : settings::find_entries(all(), name)) {
        text += explanation(entry);
    }
    return text;
}

TEST(SettingsText, ListsEverySettingOfEveryTable) {
    const std::string text = list_of_all(all());
    for (const settings::CatalogSection& section : all()) {
        for (const Row& row : section.table->rows) {
            EXPECT_THAT(text, ContainsRegex("\n  " + std::string{row.key} + "[ \n]"));
        }
    }
}

TEST(SettingsText, FitsAHundredColumns) {
    std::string text = list_of_all(all());
    for (const settings::CatalogSection& section : all()) {
        for (const Row& row : section.table->rows) text += explanation({&section, &row});
    }
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        // What has no space cannot be divided.
        if (line.find(' ', line.find_first_not_of(' ')) == std::string::npos) continue;
        EXPECT_LE(line.size(), 100U) << line;
        EXPECT_NE(line.back(), ' ') << line;
    }
}

TEST(SettingsText, SaysAllOfASetting) {
    const std::string text = explained("min_tasks");
    for (const char* said :
         {"min_tasks\n", "The fewest tasks", "an integer from 0 to 100000", "  default      10\n",
          "  variable     MIN_TASKS\n", "fast-autoscaler:min_tasks", "{\"min_tasks\": 10}"}) {
        EXPECT_THAT(text, HasSubstr(said));
    }
}

TEST(SettingsText, IsAskedByKeyPathOrVariable) {
    const std::string text = explained("queue_config.queue_url");
    EXPECT_THAT(text, AllOf(HasSubstr("With queue_type sqs, in queue_config"),
                            HasSubstr("  default      required\n"), HasSubstr("SQS_QUEUE_URL")));
    EXPECT_EQ(explained("queue_url"), text);
    EXPECT_EQ(explained("SQS_QUEUE_URL"), text);
}

TEST(SettingsText, MeansEveryKindThatHasTheKey) {
    EXPECT_THAT(explained("host"), AllOf(HasSubstr("queue_type redis"), HasSubstr("REDIS_HOST"),
                                         HasSubstr("queue_type rabbitmq")));
    EXPECT_THAT(explained("min_tasks"), Not(HasSubstr("schedule")));
    EXPECT_THAT(explained("no_such_setting"), IsEmpty());
}

TEST(SettingsText, SaysWhatIsSecret) {
    EXPECT_THAT(explained("REDIS_PASSWORD"), HasSubstr("  secret       it is never shown\n"));
    EXPECT_THAT(explained("REDIS_HOST"), Not(HasSubstr("secret")));
}

TEST(SettingsText, NamesTheKindsThatThereAre) {
    EXPECT_THAT(explained("queue_type"),
                HasSubstr(R"("sqs", "amq", "rabbitmq", "kafka", "redis")"));
    EXPECT_THAT(explained("step"), HasSubstr("threshold, adjustment_type"));
}

}  // namespace
}  // namespace fas::app
