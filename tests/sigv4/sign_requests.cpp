// Signs the requests on stdin, one JSON object a line, and answers with one JSON object a line: the
// program that signers.py runs, to compare with test vectors and other signers. It names the
// fields.
#include <simdjson.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "sigv4/signer.h"

namespace {

using simdjson::dom::element;
using namespace fas::sigv4;

std::string_view text(const element& record, std::string_view name) {
    return record[name].get_string().value();
}

std::vector<Field> fields(const element& record, std::string_view name) {
    std::vector<Field> fields;
    for (const element pair : record[name].get_array()) {
        fields.emplace_back(std::string(pair.at(0).get_string().value()),
                            std::string(pair.at(1).get_string().value()));
    }
    return fields;
}

void write_fields(fas::JsonWriter& json, const std::vector<Field>& fields) {
    json.key("headers").begin_object();
    for (const Field& field : fields) json.member(fas::lower_case(field.name), field.value);
    json.end_object();
}

std::string answer(const element& record, Signer& signer) {
    const std::vector<Field> query = fields(record, "query");
    const std::vector<Field> headers = fields(record, "headers");
    const Request request{text(record, "method"), text(record, "path"), query, headers,
                          text(record, "body")};
    const Service service{std::string(text(record, "service")), std::string(text(record, "region")),
                          record["normalize_path"].get_bool().value()
                              ? PathEncoding::normalize_and_encode_again
                              : PathEncoding::as_sent,
                          record["content_sha256_header"].get_bool().value()};
    const Credentials credentials{std::string(text(record, "access_key_id")),
                                  fas::Secret(std::string(text(record, "secret_access_key"))),
                                  fas::Secret(std::string(text(record, "session_token")))};
    const fas::TimePoint now{std::chrono::seconds(record["epoch_seconds"].get_int64().value())};

    Explanation explanation;
    fas::JsonWriter json;
    json.begin_object();
    if (record["presign"].get_bool().value()) {
        const std::chrono::seconds expires(record["expires"].get_int64().value());
        json.member("query",
                    signer.presign(request, service, credentials, now, expires, &explanation));
    } else {
        write_fields(json, signer.sign(request, service, credentials, now, &explanation));
    }
    json.member("canonical_request", explanation.canonical_request);
    json.member("string_to_sign", explanation.string_to_sign);
    json.end_object();
    return json.take();
}

}  // namespace

int main() try {
    simdjson::dom::parser parser;
    Signer signer;
    for (std::string line; std::getline(std::cin, line);) {
        const element record = parser.parse(line).value();
        std::cout << answer(record, signer) << '\n';
    }
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "sign_requests: %s\n", error.what());
    return 1;
}
