#include "reactor/response_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/parse_number.h"
#include "base/trim.h"

namespace fas::reactor {

namespace {

constexpr std::size_t head_bytes_max = 65536;
constexpr std::size_t chunk_line_bytes_max = 1024;
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::string_view spaces_and_tabs = " \t";

Error malformed(std::string_view what) {
    return make_error(ErrorKind::invalid, "MalformedResponse",
                      fmt::format("the answer is not HTTP/1.1: {}", what));
}

Error too_large(std::string_view what, std::size_t bytes_max) {
    return make_error(ErrorKind::invalid, "ResponseTooLarge",
                      fmt::format("the answer's {} has more than {} bytes", what, bytes_max));
}

// The last coding of `Transfer-Encoding: gzip, chunked`.
std::string_view last_of(std::string_view list) {
    const std::size_t comma = list.rfind(',');
    return comma == std::string_view::npos ? list : trim(list.substr(comma + 1), spaces_and_tabs);
}

}  // namespace

Result<void> ResponseReader::add(std::string_view bytes) {
    begun_ = begun_ || !bytes.empty();
    unread_ += bytes;
    while (!complete()) {
        const Result<bool> advanced = step();
        if (!advanced) return advanced.error();
        if (!*advanced) return {};
    }
    if (!unread_.empty()) reusable_ = false;
    return {};
}

void ResponseReader::connection_ended() {
    if (state_ == State::rest) state_ = State::complete;
    reusable_ = false;
}

// Whether there was enough to go on with.
Result<bool> ResponseReader::step() {
    switch (state_) {
        case State::head: return read_head();
        case State::sized_body: return take_body_bytes(State::complete);
        case State::chunk_size: return read_chunk_size();
        case State::chunk: return take_body_bytes(State::chunk_end);
        case State::chunk_end: return read_chunk_end();
        case State::trailers: return read_trailers();
        case State::rest: left_ = unread_.size(); return take_body_bytes(State::rest);
        case State::complete: break;
    }
    return false;
}

Result<bool> ResponseReader::read_head() {
    const std::size_t end = unread_.find(head_end);
    if (std::min(end, unread_.size()) > head_bytes_max) return too_large("head", head_bytes_max);
    if (end == std::string::npos) return false;
    std::string head = unread_.substr(0, end + line_end.size());
    unread_.erase(0, end + head_end.size());

    std::string_view lines = head;
    bool first = true;
    while (!lines.empty()) {
        const std::size_t length = lines.find(line_end);
        const std::string_view line = lines.substr(0, length);
        const Result<void> read = first ? read_status_line(line) : read_header(line);
        if (!read) return read.error();
        lines.remove_prefix(length + line_end.size());
        first = false;
    }
    const Result<void> chosen = choose_body();
    if (!chosen) return chosen.error();
    return true;
}

// `HTTP/1.1 200 OK`, whose last part may be missing.
Result<void> ResponseReader::read_status_line(std::string_view line) {
    constexpr std::string_view version = "HTTP/1.";
    constexpr std::size_t status_at = 9;
    if (!line.starts_with(version) || line.size() < status_at + 3 || line[status_at - 1] != ' ') {
        return malformed("its first line is not a status line");
    }
    const auto status = parse_number<std::uint64_t>(line.substr(status_at, 3));
    if (!status || *status < 100 || (line.size() > status_at + 3 && line[status_at + 3] != ' ')) {
        return malformed("its status is not a number of three digits");
    }
    response_.status = static_cast<int>(*status);
    if (line[version.size()] == '0') reusable_ = false;
    return {};
}

Result<void> ResponseReader::read_header(std::string_view line) {
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    if (colon == std::string_view::npos || name.empty() ||
        name.find_first_of(spaces_and_tabs) != std::string_view::npos) {
        return malformed("a header has no name");
    }
    response_.headers.push_back(
        {std::string(name), std::string(trim(line.substr(colon + 1), spaces_and_tabs))});
    return {};
}

Result<void> ResponseReader::choose_body() {
    if (response_.status < 200) {  // an interim response: the final one follows
        response_ = {};
        return {};
    }
    if (same_header_name(response_.header("Connection"), "close")) reusable_ = false;
    if (response_.status == 204 || response_.status == 304) {
        state_ = State::complete;
        return {};
    }
    const std::string_view coding = response_.header("Transfer-Encoding");
    if (!coding.empty()) {
        state_ = same_header_name(last_of(coding), "chunked") ? State::chunk_size : State::rest;
        return {};
    }
    state_ = State::rest;
    for (const HttpHeader& header : response_.headers) {
        if (!same_header_name(header.name, "Content-Length")) continue;
        const auto length = parse_number<std::uint64_t>(header.value);
        if (!length || (state_ == State::sized_body && *length != left_)) {
            return malformed("its Content-Length is not one number");
        }
        left_ = *length;
        state_ = State::sized_body;
    }
    return {};
}

// Takes what there is of the `left_` bytes that belong to the body; `next` comes when it was all.
Result<bool> ResponseReader::take_body_bytes(State next) {
    if (left_ > body_bytes_max_ - response_.body.size()) return too_large("body", body_bytes_max_);
    const std::size_t count = std::min<std::uint64_t>(left_, unread_.size());
    response_.body.append(unread_, 0, count);
    unread_.erase(0, count);
    left_ -= count;
    if (left_ == 0) state_ = next;
    return left_ == 0 && state_ != State::rest;
}

Result<bool> ResponseReader::read_chunk_size() {
    std::string_view line;
    if (!next_line(line)) {
        if (unread_.size() > chunk_line_bytes_max) return malformed("a chunk has no size");
        return false;
    }
    const auto size =
        parse_number<std::uint64_t>(trim(line.substr(0, line.find(';')), spaces_and_tabs), 16);
    unread_.erase(0, line.size() + line_end.size());
    if (!size) return malformed("a chunk's size is not a hexadecimal number");
    left_ = *size;
    state_ = left_ == 0 ? State::trailers : State::chunk;
    return true;
}

Result<bool> ResponseReader::read_chunk_end() {
    if (unread_.size() < line_end.size()) return false;
    if (!unread_.starts_with(line_end)) return malformed("a chunk is longer than its size");
    unread_.erase(0, line_end.size());
    state_ = State::chunk_size;
    return true;
}

// They are not the response's headers, and nothing here asks for them.
Result<bool> ResponseReader::read_trailers() {
    std::string_view line;
    if (!next_line(line)) {
        if (unread_.size() > head_bytes_max) return too_large("trailer", head_bytes_max);
        return false;
    }
    const bool last = line.empty();
    unread_.erase(0, line.size() + line_end.size());
    if (last) state_ = State::complete;
    return true;
}

// A view of the next line, which stays in unread_.
bool ResponseReader::next_line(std::string_view& line) {
    const std::size_t length = unread_.find(line_end);
    if (length == std::string::npos) return false;
    line = std::string_view(unread_).substr(0, length);
    return true;
}

}  // namespace fas::reactor
