// A scripted Redis server in a test: it answers each command as a function says. Needs
// OpenSSL::SSL.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/reactor/test_server.h"

namespace fas::test {

using RedisAnswer = std::function<std::string(const std::string& command)>;

// Reads a command, "XLEN jobs"; nothing when the client is gone.
inline std::optional<std::string> read_redis_command(TestConnection& connection) {
    const auto count = connection.read_line();
    if (!count || !count->starts_with('*')) return std::nullopt;
    std::string command;
    for (int left = std::stoi(count->substr(1)); left > 0; --left) {
        const auto size = connection.read_line();
        const auto word = connection.read_line();
        if (!size || !word) return std::nullopt;
        command += (command.empty() ? "" : " ") + *word;
    }
    return command;
}

// An empty answer ends the connection.
inline Script answering_redis(RedisAnswer answer) {
    return [answer = std::move(answer)](TestConnection& connection) {
        while (const auto command = read_redis_command(connection)) {
            const std::string bytes = answer(*command);
            if (bytes.empty() || !connection.send(bytes)) return;
        }
    };
}

// By the command; others are answered "-ERR unexpected".
inline Script answering_redis(std::map<std::string, std::string> answers) {
    return answering_redis([answers = std::move(answers)](const std::string& command) {
        const auto found = answers.find(command);
        return found == answers.end() ? "-ERR unexpected " + command + "\r\n" : found->second;
    });
}

}  // namespace fas::test
