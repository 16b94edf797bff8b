// Reads the replies of a Redis server from a connection's bytes, as they come, within limits. Pure.
//
// https://redis.io/docs/latest/develop/reference/protocol-spec/ (RESP2)
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fas::clients {

struct RespReply {
    enum class Kind { status, error, integer, text, nothing, list };

    Kind kind = Kind::nothing;
    std::string text;              // of a status, an error and a text
    std::int64_t integer = 0;      // of an integer
    std::vector<RespReply> items;  // of a list

    bool operator==(const RespReply&) const = default;
};

// A command as its server reads it.
std::string encode_command(std::initializer_list<std::string_view> words);

class RespReader {
  public:
    // `bytes_max`: of one reply, in its encoded form.
    explicit RespReader(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    void add(std::string_view bytes) { unread_ += bytes; }

    // The next reply; nothing until its last byte has come. After an error the object is of no more
    // use. Errors: invalid "MalformedResponse"; invalid "ResponseTooLarge" (bytes, or lists within
    // lists, or items in all).
    Result<std::optional<RespReply>> next();

  private:
    struct OpenList {
        RespReply reply;
        std::size_t missing;  // items that are still to come
    };

    Result<std::optional<RespReply>> read_reply();
    std::optional<RespReply> put_into_open(RespReply reply);
    Result<bool> read_element(RespReply& reply, std::size_t& items);
    Result<bool> read_text(RespReply& reply, std::string_view unread, std::size_t head,
                           std::size_t size);
    Result<bool> use(std::size_t count);
    Error more_than_the_most() const;

    std::size_t bytes_max_;
    std::string unread_;
    std::size_t begin_ = 0;  // of what of it has not been used
    std::size_t used_ = 0;   // bytes of this reply, before that
    std::size_t items_ = 0;  // of this reply
    std::vector<OpenList> open_;
};

}  // namespace fas::clients
