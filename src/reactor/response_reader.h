// Reads one HTTP/1.1 response from a connection's bytes, as they come. Pure; one response an
// object.
//
// https://www.rfc-editor.org/rfc/rfc9112
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "reactor/http.h"

namespace fas::reactor {

class ResponseReader {
  public:
    // The response is to a GET or a POST.
    explicit ResponseReader(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

    // Takes more bytes; those behind the response's end are left unread, and end the connection's
    // use. After an error the object is of no more use.
    // Errors: invalid "MalformedResponse"; invalid "ResponseTooLarge" (the body, or 64 KiB of
    // headers).
    Result<void> add(std::string_view bytes);

    // The connection has ended, which is how a body without a length does.
    void connection_ended();

    bool begun() const { return begun_; }
    bool complete() const { return state_ == State::complete; }
    bool connection_reusable() const { return complete() && reusable_; }

    // Once it is complete.
    HttpResponse take() { return std::move(response_); }

  private:
    enum class State { head, sized_body, chunk_size, chunk, chunk_end, trailers, rest, complete };

    Result<bool> step();
    Result<bool> read_head();
    Result<void> read_status_line(std::string_view line);
    Result<void> read_header(std::string_view line);
    Result<void> choose_body();
    Result<bool> read_chunk_size();
    Result<bool> read_chunk_end();
    Result<bool> read_trailers();
    Result<bool> take_body_bytes(State next);
    bool next_line(std::string_view& line);

    std::size_t body_bytes_max_;
    State state_ = State::head;
    bool begun_ = false;
    bool reusable_ = true;
    std::string unread_;
    std::uint64_t left_ = 0;  // of the body, or of its chunk
    HttpResponse response_;
};

}  // namespace fas::reactor
