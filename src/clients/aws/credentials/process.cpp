#include "clients/aws/credentials/process.h"

#include <fmt/format.h>

#include "clients/aws/credentials/keys_json.h"
#include "json/reader.h"
#include "reactor/child_process.h"

namespace fas::clients {

namespace {

constexpr std::size_t output_bytes_max = std::size_t{64} << 10U;
constexpr Milliseconds run_time_max{60'000};

Result<FetchedCredentials> read_process_keys(std::string_view text) {
    const auto document = json::parse(text, {.bytes_max = output_bytes_max, .depth_max = 8});
    const auto version = document ? document->root().find("Version") : std::nullopt;
    if (document && (!version || version->as_int() != 1)) {
        return Error{.kind = ErrorKind::invalid, .message = "its Version is not 1"};
    }
    return read_keys_json(text, "SessionToken");  // says what is wrong where this is no JSON
}

}  // namespace

ProcessSource::ProcessSource(const CredentialsParts& parts, std::string profile,
                             std::string command)
    : reactor_(parts.reactor),
      clock_(parts.clock),
      profile_(std::move(profile)),
      command_(std::move(command)) {}

reactor::Task<Result<FetchedCredentials>> ProcessSource::fetch(reactor::Scope scope) {
    const auto bad = [this](std::string_view why) {
        return Error{.kind = ErrorKind::denied,
                     .message = fmt::format("credential_process of profile {} gave no keys: {}",
                                            profile_, why),
                     .code = "BadProcess"};
    };
    auto words = split_command(command_);
    if (!words) co_return bad(words.error().message);
    if (words->empty()) co_return bad("the command is empty");
    const reactor::Scope limit = scope.within(run_time_max);
    auto output = co_await reactor::run_child(reactor_, std::move(*words), output_bytes_max, limit);
    if (!output && scope.over()) co_return output.error();
    if (!output) co_return bad(output.error().message);
    if (output->exit_status != 0) {
        co_return bad(
            fmt::format("it ended with exit status {}; what it says of that is on "
                        "standard error",
                        output->exit_status));
    }
    auto keys = read_process_keys(output->out);
    if (!keys) co_return bad(keys.error().message);
    if (keys->expires && *keys->expires <= clock_.now()) {
        co_return bad(fmt::format("those it printed ended at {}", to_iso8601(*keys->expires)));
    }
    co_return keys;
}

Result<std::vector<std::string>> split_command(std::string_view command) {
    std::vector<std::string> words;
    bool in_word = false;
    char quote = '\0';
    for (std::size_t i = 0; i < command.size(); ++i) {
        const char c = command[i];
        const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (quote == '\0' && blank) {
            in_word = false;
            continue;
        }
        if (!in_word) words.emplace_back();
        in_word = true;
        const bool last = i + 1 == command.size();
        // Between double quotes a backslash is one, unless it stands before a quote or another.
        const bool escapes =
            c == '\\' && !last &&
            (quote == '\0' || (quote == '"' && (command[i + 1] == '"' || command[i + 1] == '\\')));
        if (escapes) {
            words.back() += command[++i];
        } else if (quote == '\0' && (c == '"' || c == '\'')) {
            quote = c;
        } else if (quote != '\0' && c == quote) {
            quote = '\0';
        } else {
            words.back() += c;
        }
    }
    if (quote == '\0') return words;
    return Error{.kind = ErrorKind::invalid, .message = "a quote in the command is not closed"};
}

}  // namespace fas::clients
