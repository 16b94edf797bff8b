#include "tests/fuzz/fuzz.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "base/control_characters.h"

namespace fas::fuzz {

namespace {

constexpr std::size_t described_bytes_max = 1500;

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool is_status(std::string_view line) {
    return line.size() == 3 &&
           std::ranges::all_of(line, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void require(bool holds, std::string_view property, std::source_location where) {
    if (holds) return;
    fmt::print(stderr, "{}:{}: this does not hold: {}\n", where.file_name(), where.line(),
               property);
    std::abort();
}

void require_sound(const Error& error, std::source_location where) {
    require(error.kind != ErrorKind::bug, "foreign bytes are no bug of ours", where);
    require(!error.message.empty(), "an error says what is wrong", where);
    const std::string line = describe(error);
    require(line.size() <= described_bytes_max, "an error is of bounded length", where);
    require(std::ranges::none_of(line, is_control), "an error is one line that can be shown",
            where);
}

void require_sound(const scaling::QueueDepth& depth, std::source_location where) {
    require(!depth.visible || *depth.visible >= Messages{0}, "no fewer than 0 wait", where);
    require(!depth.in_flight || *depth.in_flight >= Messages{0}, "no fewer than 0 are in flight",
            where);
    require(depth.visible || !depth.missing.empty(), "a count that is unknown has a reason", where);
    const bool aged = depth.oldest_age.has_value();
    require(!aged || (std::isfinite(depth.oldest_age->count()) && *depth.oldest_age >= Seconds{0}),
            "an age is 0 or more", where);
    for (const std::string& text : {depth.estimated_from, depth.missing}) {
        require(text.size() <= described_bytes_max, "a remark is of bounded length", where);
        require(std::ranges::none_of(text, is_control), "a remark is one line that can be shown",
                where);
    }
}

void require_usable(const clients::FetchedCredentials& fetched, std::source_location where) {
    require(!fetched.keys.access_key_id.empty(), "keys have an id", where);
    require(!fetched.keys.secret_access_key.empty(), "keys have a secret", where);
    require(!fetched.expires || parse_iso8601(to_iso8601(*fetched.expires)) == fetched.expires,
            "their end can be written", where);
}

bool printable(std::string_view text) { return escaped(text) == text; }

reactor::HttpResponse answer_of(std::string_view input) {
    reactor::HttpResponse answer{.status = 200, .headers = {}, .body = {}};
    std::string_view rest = input;
    std::string_view line = take_line(rest);
    if (!is_status(line)) {
        answer.body = input;
        return answer;
    }
    answer.status = std::atoi(std::string{line}.c_str());
    while (!(line = take_line(rest)).empty()) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        answer.headers.push_back(
            {std::string{line.substr(0, colon)}, std::string{trimmed(line.substr(colon + 1))}});
    }
    answer.body = rest;
    return answer;
}

}  // namespace fas::fuzz
