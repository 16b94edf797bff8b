#include "clients/brokers/resp.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/parse_number.h"

namespace fas::clients {

namespace {

// An error's line has some hundred bytes.
constexpr std::size_t line_bytes_max = 8192;
// XINFO STREAM FULL, the deepest of Redis's own, has five.
constexpr std::size_t levels_max = 8;
constexpr std::size_t items_max = 65536;

Error malformed(std::string message) {
    return make_error(ErrorKind::invalid, "MalformedResponse", std::move(message));
}

Error too_large(std::string message) {
    Error error = malformed(std::move(message));
    error.code = "ResponseTooLarge";
    return error;
}

}  // namespace

std::string encode_command(std::initializer_list<std::string_view> words) {
    std::string bytes = fmt::format("*{}\r\n", words.size());
    for (const std::string_view word : words) {
        bytes += fmt::format("${}\r\n", word.size());
        bytes += word;
        bytes += "\r\n";
    }
    return bytes;
}

Result<std::optional<RespReply>> RespReader::next() {
    auto reply = read_reply();
    unread_.erase(0, begin_);
    begin_ = 0;
    return reply;
}

Result<std::optional<RespReply>> RespReader::read_reply() {
    for (;;) {
        RespReply reply;
        std::size_t items = 0;
        const Result<bool> whole = read_element(reply, items);
        if (!whole) return whole.error();
        if (!*whole) return std::optional<RespReply>();
        if (items > 0) {
            if (open_.size() == levels_max) return too_large("a reply has too many levels");
            open_.push_back({std::move(reply), items});
            continue;
        }
        std::optional<RespReply> complete = put_into_open(std::move(reply));
        if (!complete) continue;
        used_ = 0;
        items_ = 0;
        return complete;
    }
}

// The whole reply, where this was the last that was missing of it.
std::optional<RespReply> RespReader::put_into_open(RespReply reply) {
    while (!open_.empty()) {
        auto& list = open_.back();
        list.reply.items.push_back(std::move(reply));
        if (--list.missing > 0) return std::nullopt;
        reply = std::move(list.reply);
        open_.pop_back();
    }
    return reply;
}

// One line, or a text: whether it has come as a whole. `items`: how many elements a list has, which
// come next.
Result<bool> RespReader::read_element(RespReply& reply, std::size_t& items) {
    constexpr std::string_view line_end = "\r\n";
    const std::string_view unread = std::string_view(unread_).substr(begin_);
    if (unread.empty()) return false;
    const char sign = unread.front();
    if (!std::string_view("+-:$*").contains(sign)) {
        return malformed("a reply is not in Redis's protocol");
    }
    const std::size_t end = unread.find(line_end);
    if (std::min(end, unread.size()) > line_bytes_max) {
        return too_large(fmt::format("a reply has a line of more than {} bytes", line_bytes_max));
    }
    if (end == std::string_view::npos) return false;
    if (items_ == items_max) return too_large("a reply has too many items");

    const std::string_view rest = unread.substr(1, end - 1);
    const std::size_t after = end + line_end.size();
    if (sign == '+' || sign == '-') {
        reply.kind = sign == '+' ? RespReply::Kind::status : RespReply::Kind::error;
        reply.text = rest;
        return use(after);
    }
    const auto number = parse_number<std::int64_t>(rest);
    if (!number) return malformed("a reply has something else where a number belongs");
    if (sign == ':') {
        reply.kind = RespReply::Kind::integer;
        reply.integer = *number;
        return use(after);
    }
    if (*number < -1) return malformed("a reply has a negative length");
    if (*number == -1) return use(after);
    const auto size = static_cast<std::size_t>(*number);
    if (sign == '$') return read_text(reply, unread.substr(after), after, size);
    if (size > items_max - items_) return too_large("a reply has too many items");
    reply.kind = RespReply::Kind::list;
    items = size;
    return use(after);
}

// `unread`: from the text's first byte on, with `head` bytes before it.
Result<bool> RespReader::read_text(RespReply& reply, std::string_view unread, std::size_t head,
                                   std::size_t size) {
    constexpr std::string_view line_end = "\r\n";
    if (size > bytes_max_) return more_than_the_most();
    const std::size_t whole = size + line_end.size();
    if (unread.size() < whole) return false;
    if (unread.substr(size, line_end.size()) != line_end) {
        return malformed("a reply has a text that does not end where it should");
    }
    reply.kind = RespReply::Kind::text;
    reply.text = unread.substr(0, size);
    return use(head + whole);
}

// True, of an element that has been read.
Result<bool> RespReader::use(std::size_t count) {
    if (count > bytes_max_ - used_) return more_than_the_most();
    begin_ += count;
    used_ += count;
    ++items_;
    return true;
}

Error RespReader::more_than_the_most() const {
    return too_large(fmt::format("a reply has more than {} bytes", bytes_max_));
}

}  // namespace fas::clients
