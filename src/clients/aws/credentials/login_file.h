// A file in which the aws command keeps a login, for all who use it: ~/.aws/sso/cache/... and
// ~/.aws/login/cache/... Who renews the login replaces the file, with what was in it beside.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <system_error>

#include "base/result.h"
#include "json/reader.h"

namespace fas::clients {

class LoginFile {
  public:
    // `what` is for messages: "the SSO login of profile dev". Errors: denied "BadTokenFile", those
    // of read_token_file and what is no JSON object, without a word of the text.
    static Result<LoginFile> read(const std::string& path, std::string_view what);

    json::Value root() const { return document_.root(); }
    const std::string& path() const { return path_; }

    // Texts by where they stand: "accessToken", or "accessToken/expiresAt" in an object.
    using Texts = std::map<std::string, std::string, std::less<>>;

    // Replaces the file, as a whole and for this user alone: these texts are others, all else
    // stays. Takes what the disk takes.
    std::error_code replace(const Texts& texts) const;

  private:
    LoginFile(std::string path, json::Document document)
        : path_(std::move(path)), document_(std::move(document)) {}

    std::string path_;
    json::Document document_;
};

}  // namespace fas::clients
