// Rows, their fields, and the options of kinds that they speak of.
#include "base/row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <vector>

#include "base/count.h"
#include "base/kind.h"

namespace fas {
namespace {

enum class Mode { slow, fast };
constexpr std::array modes{Name{"slow", Mode::slow}, Name{"fast", Mode::fast},
                           Name{"quick", Mode::fast}};

struct Inner {
    double weight = 1;
    bool operator==(const Inner&) const = default;
};

struct Thing {
    bool on = true;
    std::int64_t number = 7;
    Tasks tasks{3};
    std::chrono::seconds period{60};
    Seconds window{0.5};
    std::optional<double> ratio;
    Mode mode = Mode::fast;
    std::string name = "x";
    Secret password;
    std::optional<TimePoint> at;
    Inner inner;
    std::vector<Inner> several;
};

constexpr std::array inner_rows{Row{"weight", Number{0, 9}, field<&Inner::weight>, "Its weight."}};
constexpr Table inner_table = table_of<Inner>(inner_rows);

constexpr std::array thing_rows{
    Row{"on", Flag{}, field<&Thing::on>, "On."},
    Row{"number", Integer{0, 9}, field<&Thing::number>, "A number."},
    Row{"tasks", Integer{0, 9}, field<&Thing::tasks>, "Tasks."},
    Row{"period", Integer{0, 9}, field<&Thing::period>, "A period.", Variable{"OTHER"}},
    Row{"window", Number{0, 9}, field<&Thing::window>, "A window."},
    Row{"ratio", Number{0, 9}, field<&Thing::ratio>, "A ratio.", Need::absent},
    Row{"mode", Choice{modes}, field<&Thing::mode>, "A mode."},
    Row{"name", Text{{"a-z", 1, 9}, "a name"}, field<&Thing::name>, "A name."},
    Row{"password", Text{{"a-z", 1, 9}, "a word"}, field<&Thing::password>, "A word."},
    Row{"at", Time{}, field<&Thing::at>, "When."},
    Row{"weight", Number{0, 9}, field<&Thing::inner, &Inner::weight>, "Its weight."},
};
constexpr Object inner = object<&Thing::inner>(&inner_table);
constexpr List several = list<&Thing::several>(&inner_table, 0, 9);
constexpr Kind thing = kind_of<Thing>("thing", thing_rows, "THING_");

Value value_of(const Options& options, std::string_view key) {
    return thing.table.find(key)->field.get(options.get());
}

TEST(Row, TakesItsDefaultFromItsField) {
    const Options options{thing};
    EXPECT_EQ(value_of(options, "on"), Value{true});
    EXPECT_EQ(value_of(options, "number"), Value{std::int64_t{7}});
    EXPECT_EQ(value_of(options, "tasks"), Value{std::int64_t{3}});
    EXPECT_EQ(value_of(options, "period"), Value{std::int64_t{60}});
    EXPECT_EQ(value_of(options, "window"), Value{0.5});
    EXPECT_EQ(value_of(options, "ratio"), Value{});
    EXPECT_EQ(value_of(options, "mode"), Value{std::int64_t{1}});
    EXPECT_EQ(value_of(options, "name"), Value{"x"});
    EXPECT_EQ(value_of(options, "password"), Value{""});
    EXPECT_EQ(value_of(options, "weight"), Value{1.0});
}

TEST(Row, SetsItsField) {
    Options options{thing};
    options.set("on", false);
    options.set("number", std::int64_t{2});
    options.set("tasks", std::int64_t{4});
    options.set("period", std::int64_t{5});
    options.set("window", 1.5);
    options.set("ratio", 0.25);
    options.set("mode", std::int64_t{0});
    options.set("name", "other");
    options.set("password", "hush");
    options.set("at", std::int64_t{1'000'000});
    options.set("weight", 2.0);
    const auto& value = options.as<Thing>();
    EXPECT_FALSE(value.on);
    EXPECT_EQ(value.number, 2);
    EXPECT_EQ(value.tasks, Tasks{4});
    EXPECT_EQ(value.period, std::chrono::seconds{5});
    EXPECT_EQ(value.window, Seconds{1.5});
    EXPECT_EQ(value.ratio, 0.25);
    EXPECT_EQ(value.mode, Mode::slow);
    EXPECT_EQ(value.name, "other");
    EXPECT_EQ(value.password.reveal(), "hush");
    EXPECT_EQ(value.at, TimePoint{std::chrono::seconds{1}});
    EXPECT_EQ(value.inner.weight, 2);
    options.set("ratio", Value{});
    EXPECT_EQ(options.as<Thing>().ratio, std::nullopt);
}

TEST(Row, OpensWhatIsInside) {
    Thing owner{.inner = {.weight = 5}, .several = {{}, {}}};
    EXPECT_EQ(inner.open(&owner), &owner.inner);
    EXPECT_EQ(owner.inner, Inner{});
    several.clear(&owner);
    const void* const item = several.append(&owner);
    EXPECT_EQ(item, &owner.several.at(0));
}

TEST(Row, HasAVariable) {
    EXPECT_EQ(variable_of(thing.table, *thing.table.find("number")), "THING_NUMBER");
    EXPECT_EQ(variable_of(thing.table, *thing.table.find("period")), "OTHER");

    std::string name = "WHAT_WAS_THERE";
    for (const Row& row : thing.table.rows) {
        write_variable(thing.table, row, name);
        EXPECT_EQ(name, variable_of(thing.table, row));
    }
}

TEST(Choice, IsShownByItsFirstName) {
    EXPECT_EQ(name_of(Mode::fast, modes), "fast");
    EXPECT_EQ(name_of(Mode{7}, modes), "");
}

TEST(Options, AreSharedUntilOneIsChanged) {
    const Options defaults{thing};
    Options one = defaults;
    one.set("number", std::int64_t{2});
    EXPECT_FALSE(one == defaults);
    Options two = one;
    EXPECT_EQ(one.get(), two.get());
    two.set("number", std::int64_t{3});
    EXPECT_EQ(one.as<Thing>().number, 2);
    EXPECT_EQ(two.as<Thing>().number, 3);
    EXPECT_TRUE(one < two);
    EXPECT_FALSE(two < one);
    two.set("number", std::int64_t{2});
    EXPECT_TRUE(one == two);
    EXPECT_FALSE(one < two || two < one);
}

}  // namespace
}  // namespace fas
