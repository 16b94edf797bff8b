#include "engine/kept_memory.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "engine/memory_json.h"
#include "json/reader.h"

namespace fas::engine {

namespace {

// How long a daemon that is killed may forget: what it did, and what it saw.
constexpr std::chrono::seconds after_a_change{10};
constexpr std::chrono::seconds otherwise{120};

constexpr std::int64_t format_version = 1;
constexpr json::Limits text_limits{.bytes_max = std::size_t{16} << 20U, .depth_max = 8};

}  // namespace

reactor::Task<std::optional<Error>> KeptMemory::recall(reactor::Scope scope) {
    if (recalled_) co_return std::nullopt;
    recalled_ = true;
    auto present = co_await store_->read(std::string{text_name}, std::move(scope));
    if (!present) co_return std::move(present.error());
    co_return take(*present);
}

// As what is there now, of which only the version must be known to replace it.
std::optional<Error> KeptMemory::take(const Versioned& present) {
    version_ = present.version;
    const auto found = present.texts.find(text_name);
    if (found == present.texts.end()) return std::nullopt;
    if (!found->second) return found->second.error();
    const auto document = json::parse(*found->second, text_limits);
    if (!document) return store_->unusable(text_name, document.error().message);
    const json::Value root = document->root();
    const auto version = root.find("version");
    const auto targets = root.find("targets");
    if (!version || version->as_int() != format_version || !targets || !targets->is_object()) {
        return store_->unusable(text_name, "it is not of a form that this version knows");
    }
    std::optional<Error> error;
    for (const json::Member& member : targets->members()) {
        auto memory = read_memory(member.value);
        if (memory) {
            kept_.insert_or_assign(std::string{member.key}, std::move(*memory));
        } else if (!error) {
            error = store_->unusable(text_name, memory.error().message);
        }
    }
    return error;
}

const scaling::Memory* KeptMemory::of(std::string_view target) const {
    for (const Memories* memories : {&noted_, &kept_}) {
        const auto found = memories->find(target);
        if (found != memories->end()) return &found->second;
    }
    return nullptr;
}

void KeptMemory::note(const std::string& target, const scaling::Memory& memory, bool changed) {
    noted_.insert_or_assign(target, memory);
    changed_ = changed_ || changed;
}

bool KeptMemory::is_due(bool ends) const {
    if (noted_.empty()) return false;
    const auto age = clock_.now() - written_at_;
    return ends || age >= (changed_ ? after_a_change : otherwise) || age.count() < 0;
}

std::string KeptMemory::text() const {
    Memories all = noted_;
    all.insert(kept_.begin(), kept_.end());
    JsonWriter json;
    json.begin_object();
    json.member("version", format_version);
    json.key("targets").begin_object();
    for (const auto& [name, memory] : all) {
        json.key(name);
        write_memory(json, memory);
    }
    json.end_object();
    json.end_object();
    return json.take();
}

reactor::Task<std::optional<Error>> KeptMemory::keep(bool ends, reactor::Scope scope) {
    if (!is_due(ends)) co_return std::nullopt;
    written_at_ = clock_.now();  // however it ends: a store that is down is not asked each second
    changed_ = false;
    for (int attempt = 1; attempt <= 2; ++attempt) {
        std::string text = this->text();
        if (text == written_) co_return std::nullopt;
        auto written = co_await store_->write(std::string{text_name}, text, version_, scope);
        if (!written) co_return std::move(written.error());
        if (written->version) {
            version_ = std::move(written->version);
            written_ = std::move(text);
            co_return std::nullopt;
        }
        // What another process has kept meanwhile, or what could not be read at the start.
        if (!written->present) break;
        static_cast<void>(take(*written->present));  // what cannot be understood is replaced
    }
    co_return Error{.kind = ErrorKind::conflict,
                    .message = "what the targets remember could not be kept: another process "
                               "keeps writing it; the next attempt follows in two minutes",
                    .code = "MemoryConflict"};
}

}  // namespace fas::engine
