#include "simulation/peers/keda.h"

#include <gtest/gtest.h>

#include "tests/simulation/peers/shown.h"

namespace fas::simulation {
namespace {

// KEDA's example: where a pod can handle 10 messages, 30 make 3 pods.
TEST(Keda, TheExampleOfItsScaler) {
    Keda scaler{10, {{1}, {100}}};
    Shown shown{scaler, 1};
    shown.sight.visible = {30};
    EXPECT_EQ(shown.until(Seconds{60}), (Settings{{0, 3}}));
}

// The HPA's examples: 200m of 100m doubles the pods, 50m halves them.
TEST(Keda, TheExamplesOfTheHpa) {
    Keda twice{100, {{1}, {100}}};
    Shown doubled{twice, 4};
    doubled.sight.visible = {800};
    EXPECT_EQ(doubled.until(Seconds{0}), (Settings{{0, 8}}));

    Keda half{100, {{1}, {100}}};
    Shown halved{half, 4};
    halved.sight.visible = {200};
    EXPECT_EQ(halved.until(Seconds{600}), (Settings{{300, 2}}));
}

TEST(Keda, CountsWhatIsInFlight) {
    Keda scaler{5, {{1}, {100}}};
    Shown shown{scaler, 1};
    shown.sight.visible = {9};
    shown.sight.in_flight = {2};
    EXPECT_EQ(shown.until(Seconds{0}), (Settings{{0, 3}}));
}

TEST(Keda, ATenthMoreOrLessIsTolerated) {
    for (const std::int64_t visible : {45, 55}) {
        Keda scaler{5, {{1}, {100}}};
        Shown shown{scaler, 10};
        shown.sight.visible = {visible};
        EXPECT_EQ(shown.until(Seconds{900}), Settings{});
    }
    Keda scaler{5, {{1}, {100}}};
    Shown shown{scaler, 10};
    shown.sight.visible = {56};
    EXPECT_EQ(shown.until(Seconds{900}), (Settings{{0, 12}}));
}

// The same counts as with the program's own behavior section, set to the HPA's default.
TEST(Keda, AddsFourPodsOrAsManyAsThereAreEachSync) {
    Keda scaler{1, {{1}, {100}}};
    Shown shown{scaler, 1};
    shown.sight.visible = {70};
    EXPECT_EQ(shown.until(Seconds{600}),
              (Settings{{0, 5}, {15, 10}, {30, 20}, {45, 40}, {60, 70}}));
}

// Down at once, but to the highest of the last five minutes.
TEST(Keda, AScaleDownTakesTheHighestOfItsWindow) {
    Keda scaler{1, {{1}, {100}}};
    Shown shown{scaler, 40};
    shown.sight.visible = {40};
    EXPECT_EQ(shown.until(Seconds{60}), Settings{});
    shown.sight.visible = {25};
    EXPECT_EQ(shown.until(Seconds{120}), Settings{});
    shown.sight.visible = {10};
    EXPECT_EQ(shown.until(Seconds{600}), (Settings{{360, 25}, {420, 10}}));
}

TEST(Keda, KeepsItsBounds) {
    Keda scaler{1, {{2}, {20}}};
    Shown shown{scaler, 10};
    EXPECT_EQ(shown.until(Seconds{600}), (Settings{{300, 2}}));
    shown.sight.visible = {100};
    EXPECT_EQ(shown.until(Seconds{660}), (Settings{{615, 6}, {630, 12}, {645, 20}}));
}

// KEDA itself looks every 30 s; from one task on the HPA does the rest.
TEST(Keda, StartsFromNoTaskAtItsPoll) {
    Keda scaler{5, {{0}, {100}}};
    Shown shown{scaler, 0};
    EXPECT_EQ(shown.until(Seconds{30}), Settings{});
    shown.sight.visible = {100};
    EXPECT_EQ(shown.until(Seconds{120}), (Settings{{60, 1}, {75, 5}, {90, 10}, {105, 20}}));
}

// The HPA leaves one pod, which KEDA takes away more than 300 s after the last message.
TEST(Keda, EndsTheLastTaskAfterItsCooldown) {
    Keda scaler{5, {{0}, {100}}};
    Shown shown{scaler, 3};
    shown.sight.visible = {15};
    EXPECT_EQ(shown.until(Seconds{60}), Settings{});
    shown.sight.visible = {0};
    EXPECT_EQ(shown.until(Seconds{900}), (Settings{{360, 1}, {390, 0}}));
}

}  // namespace
}  // namespace fas::simulation
