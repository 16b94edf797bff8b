// Port: small texts by name, in a folder of their own, each of which is replaced only by who knows
// what it would replace: compare and exchange. One kind of store a file.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "reactor/scope.h"
#include "reactor/task.h"

namespace fas::adapters {

using Version = std::optional<std::string>;  // nothing: nothing was written yet

// What was read. Texts that a store keeps in one item come together and have one version.
struct Versioned {
    // By name. One that is not there has no text; of an item that is none of ours, why not.
    std::map<std::string, Result<std::string>, std::less<>> texts;
    Version version;
};

// What a write came to: its version or, where there is none, what it met instead of what it was to
// replace.
struct Written {
    Version version;
    std::optional<Versioned> present;  // nothing where it could not be read
};

class VersionedStore {
  public:
    virtual ~VersionedStore() = default;

    // As of all writes that were answered before. That there is no such text is no error. Errors,
    // here and below, say where, and what to do.
    virtual reactor::Task<Result<Versioned>> read(std::string name, reactor::Scope scope) = 0;

    // Replaces the text if `version` still is what is there. What it met instead may be its own
    // text, if the answer to an earlier attempt was lost, and it may have met a write in progress
    // that failed: then the version is still the same.
    virtual reactor::Task<Result<Written>> write(std::string name, std::string text,
                                                 Version version, reactor::Scope scope) = 0;

    // Whether these texts are in one item.
    virtual bool together(std::string_view one, std::string_view other) const = 0;

    // Whether it is read without a request, so that nobody need remember what it says.
    virtual bool is_local() const = 0;

    // An error about a text that is there and is not what it should be.
    virtual Error unusable(std::string_view name, std::string why) const = 0;
};

}  // namespace fas::adapters
