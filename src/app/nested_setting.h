// Reading of settings that are JSON objects or lists of their own (a schedule, steps, a behaviour):
// the first thing that is wrong with them, with its place inside.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "json/reader.h"

namespace fas::app {

// Collects one problem; the first counts. Not owned: the text must outlive it.
class NestedReader {
  public:
    explicit NestedReader(std::string* problem) : problem_(problem) { problem_->clear(); }

    bool failed() const { return !problem_->empty(); }
    void fail(std::string_view place, std::string_view why);

    // Fails for what is no object, has keys other than these, or has one of them twice.
    void expect_object(const json::Value& value, std::string_view place,
                       std::span<const std::string_view> keys);
    // Fails for what is no list of so many items.
    void expect_list(const json::Value& value, std::string_view place, std::size_t items_max);

    // The member of an object; each fails for a value that is not accepted, and gives nothing for
    // a member that is not there.
    std::optional<std::int64_t> integer(const json::Value& object, std::string_view place,
                                        std::string_view key, std::int64_t min, std::int64_t max);
    std::optional<double> number(const json::Value& object, std::string_view place,
                                 std::string_view key, double min, double max);
    std::optional<bool> boolean(const json::Value& object, std::string_view place,
                                std::string_view key);
    std::optional<std::string_view> text(const json::Value& object, std::string_view place,
                                         std::string_view key);
    // Its index among the names.
    std::optional<std::size_t> choice(const json::Value& object, std::string_view place,
                                      std::string_view key,
                                      std::span<const std::string_view> names);

  private:
    std::string* problem_;
};

}  // namespace fas::app
