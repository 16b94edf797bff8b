// What brokers' names, users and passwords may hold.
#include "adapters/queues/shared/broker_rows.h"

#include <gtest/gtest.h>

#include "adapters/queues/kinds.h"

namespace fas::adapters {
namespace {

bool accepts(const QueueKind& kind, std::string_view key, std::string_view text) {
    return std::get<Text>(kind.table.find(key)->type).grammar.accepts(text);
}

void expect_name(const QueueKind& kind, std::string_view key) {
    SCOPED_TRACE(key);
    EXPECT_TRUE(accepts(kind, key, "Aufträge/漢 #1"));
    EXPECT_TRUE(accepts(kind, key, std::string(255, 'x')));
    EXPECT_FALSE(accepts(kind, key, std::string(256, 'x')));
    EXPECT_FALSE(accepts(kind, key, "jobs\x1B[2J"));
    EXPECT_FALSE(accepts(kind, key, "jobs\x7F"));
    EXPECT_FALSE(accepts(kind, key, "jobs\u009B2J"));  // CSI in one character
    EXPECT_FALSE(accepts(kind, key, "jobs\x9B"));      // no UTF-8
}

TEST(BrokerOptions, NamesHoldNothingThatATerminalObeys) {
    for (const char* key : {"broker_name", "queue_name", "username"}) {
        expect_name(queues::amq, key);
    }
    for (const char* key : {"vhost", "queue_name", "queue_pattern", "username"}) {
        expect_name(queues::rabbitmq, key);
    }
}

TEST(BrokerOptions, APasswordIsOfWhateverEncoding) {
    for (const QueueKind* kind : {&queues::amq, &queues::rabbitmq}) {
        EXPECT_TRUE(accepts(*kind, "password", "gr\xFC\xDF\x9B"));
        EXPECT_FALSE(accepts(*kind, "password", "two\nlines"));
    }
}

}  // namespace
}  // namespace fas::adapters
