// What the fuzz targets share. A target is one file in targets/ that defines, in a namespace of the
// file's name, check(std::string_view input): it gives the input to a parser of foreign bytes and
// says what must hold of the outcome. The input ends where an unreadable byte begins. A crash, a
// sanitizer's report, an exception or a property that does not hold is a finding.
#pragma once

#include <source_location>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "clients/aws/credentials/source.h"
#include "reactor/http.h"
#include "scaling/observation.h"

namespace fas::fuzz {

struct Target {
    std::string_view name;  // its file's
    void (*check)(std::string_view input);
};

std::span<const Target> targets();

// Ends the process, which is a finding, where the property does not hold.
void require(bool holds, std::string_view property,
             std::source_location where = std::source_location::current());

// What holds of every error that foreign bytes cause: it is not our bug, it says something, and
// what it says fits a line however long the bytes were, and holds nothing that a terminal obeys.
void require_sound(const Error& error,
                   std::source_location where = std::source_location::current());

// What holds of every depth: what is known is no less than 0, and what is not has a reason.
void require_sound(const scaling::QueueDepth& depth,
                   std::source_location where = std::source_location::current());

// What holds of all credentials that are accepted.
void require_usable(const clients::FetchedCredentials& fetched,
                    std::source_location where = std::source_location::current());

// Text that a terminal shows and does not obey: UTF-8 without control characters.
bool printable(std::string_view text);

// A service's answer, written much as it comes over the wire, so that seeds can be read:
//   400
//   x-amzn-requestid: 1234
//
//   {"__type": "AccessDenied"}
// Where there is no status, it is 200. Every input is some answer.
reactor::HttpResponse answer_of(std::string_view input);

}  // namespace fas::fuzz
