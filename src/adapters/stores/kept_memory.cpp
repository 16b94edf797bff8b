#include "adapters/stores/kept_memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "adapters/stores/memory_json.h"

namespace fas::adapters {

namespace {

// How long a daemon that is killed may forget: what it did, and what it saw.
constexpr std::chrono::seconds after_a_change{10};
constexpr std::chrono::seconds otherwise{120};

// A store that could not be read is tried again after as long.
constexpr std::chrono::seconds recall_interval{10};

// Failures of longer ago are not in a row with those of now: what was between them is not known.
constexpr std::chrono::minutes row_ends_after{10};

// Longer than any window or period. A target that was not checked for so long is no more.
constexpr std::chrono::hours forgotten_after{24};

// What all stores take: an item of DynamoDB has at most 400 KB.
constexpr std::size_t text_bytes_max = std::size_t{256} << 10U;
constexpr std::size_t room_around = 64;  // what JSON puts around a target's name and memory

constexpr std::int64_t format_version = 1;
constexpr json::Limits text_limits{.bytes_max = text_bytes_max, .depth_max = 8};

Error too_large(std::size_t left_out) {
    return {.kind = ErrorKind::invalid,
            .message = fmt::format("there is no room in {} KiB for {} targets, those that were "
                                   "checked longest ago: give the fleet more shards",
                                   text_bytes_max >> 10U, left_out),
            .code = "MemoryTooLarge"};
}

}  // namespace

reactor::Task<bool> KeptMemory::recall(reactor::Scope scope) {
    const auto since_tried = clock_.now() - tried_at_;
    if (recalled_ || (since_tried.count() >= 0 && since_tried < recall_interval)) co_return false;
    tried_at_ = clock_.now();
    std::string name{text_name};
    auto present = co_await store_->read(std::move(name), std::move(scope));
    if (!present) {
        trouble_ = std::move(present.error());
        co_return true;
    }
    recalled_ = true;
    tried_at_ = {};
    trouble_ = take(*present);
    co_return true;
}

// As what is there now, of which only the version must be known to replace it.
std::optional<Error> KeptMemory::take(const Versioned& present) {
    version_ = present.version;
    newer_ = false;
    const auto found = present.texts.find(text_name);
    if (found == present.texts.end()) return std::nullopt;
    if (!found->second) return found->second.error();
    const auto document = json::parse(*found->second, text_limits);
    if (!document) return store_->unusable(text_name, document.error().message);
    const json::Value root = document->root();
    const auto version = root.find("version");
    const std::int64_t number = version ? version->as_int().value_or(0) : 0;
    newer_ = number > format_version;
    if (newer_) {
        return store_->unusable(
            text_name, fmt::format("it is of version {}, and known is {}", number, format_version));
    }
    const auto targets = root.find("targets");
    if (number != format_version || !targets || !targets->is_object()) {
        return store_->unusable(text_name, "it is not of a form that is known");
    }
    return take_targets(*targets);
}

Result<KeptMemory::Entry> KeptMemory::read_entry(const json::Value& value) {
    const auto number = [&value](std::string_view name) {
        const auto member = value.find(name);
        return member ? member->as_int() : std::nullopt;
    };
    const auto at = number("at");
    const auto queues = number("queues");
    const auto member = value.find("memory");
    if (!at || !queues || !member) {
        return Error{.kind = ErrorKind::invalid, .message = "a target lacks a member"};
    }
    auto memory = read_memory(*member);
    if (!memory) return memory.error();
    return Entry{std::move(*memory), static_cast<std::uint32_t>(*queues),
                 TimePoint{std::chrono::microseconds{*at}}};
}

std::optional<Error> KeptMemory::take_targets(const json::Value& targets) {
    std::optional<Error> error;
    for (const json::Member& member : targets.members()) {
        auto entry = read_entry(member.value);
        if (!entry) {
            if (!error) error = store_->unusable(text_name, entry.error().message);
            continue;
        }
        const auto known = entries_.find(member.key);
        if (known != entries_.end() && known->second.at >= entry->at) continue;
        entries_.insert_or_assign(std::string{member.key}, std::move(*entry));
    }
    return error;
}

std::optional<scaling::Memory> KeptMemory::of(std::string_view target, std::uint32_t queues) const {
    const auto found = entries_.find(target);
    if (found == entries_.end()) return std::nullopt;
    scaling::Memory memory = found->second.memory;
    memory.behavior.begun = false;  // a window that nothing kept reaches into begins anew
    if (found->second.queues != queues) scaling::forget_queues(memory);
    const auto age = clock_.now() - found->second.at;
    if (age > row_ends_after || age.count() < 0) memory.readings.failures = 0;
    return memory;
}

void KeptMemory::note(const std::string& target, std::uint32_t queues,
                      const scaling::Memory& memory, bool changed) {
    const auto known = entries_.find(target);
    if (known == entries_.end() && memory == scaling::Memory{}) return;
    Entry& entry = known == entries_.end() ? entries_[target] : known->second;
    const bool recovered = entry.memory.readings.failures > 0 && memory.readings.failures == 0;
    const bool contradicted = !entry.memory.evidence.empty() && memory.evidence.empty();
    noted_ = noted_ || memory != entry.memory;
    changed_ = changed_ || changed || recovered || contradicted;
    entry = {memory, queues, clock_.now()};
}

bool KeptMemory::is_due(bool ends) const {
    if (!noted_ || newer_) return false;
    const auto age = clock_.now() - written_at_;
    return ends || age >= (changed_ ? after_a_change : otherwise) || age.count() < 0;
}

void KeptMemory::forget_old() {
    const TimePoint oldest = clock_.now() - forgotten_after;
    std::erase_if(entries_, [oldest](const auto& entry) { return entry.second.at < oldest; });
}

void KeptMemory::write_entry(JsonWriter& json, const Entry& entry) {
    json.begin_object();
    json.member("at", entry.at.time_since_epoch().count());
    json.member("queues", entry.queues);
    json.key("memory");
    write_memory(json, entry.memory);
    json.end_object();
}

// The newest, as many as there is room for.
std::string KeptMemory::text(std::size_t* left_out) const {
    std::vector<decltype(entries_)::const_pointer> newest;
    newest.reserve(entries_.size());
    for (const auto& entry : entries_) newest.push_back(&entry);
    std::ranges::sort(newest, [](const auto* a, const auto* b) {
        return a->second.at != b->second.at ? a->second.at > b->second.at : a->first < b->first;
    });
    JsonWriter json;
    json.begin_object();
    json.member("version", format_version);
    json.key("targets").begin_object();
    *left_out = newest.size();
    for (const auto* entry : newest) {
        const auto& [name, kept] = *entry;
        JsonWriter alone;
        write_entry(alone, kept);
        const std::size_t more = name.size() + alone.text().size() + room_around;
        if (json.text().size() + more > text_bytes_max) break;
        json.key(name);
        write_entry(json, kept);
        --*left_out;
    }
    json.end_object();
    json.end_object();
    return json.take();
}

reactor::Task<bool> KeptMemory::keep(bool ends, reactor::Scope scope) {
    if (!is_due(ends)) co_return false;
    written_at_ = clock_.now();  // however it ends: a store that is down is not asked each second
    changed_ = false;
    forget_old();
    std::size_t left_out = 0;
    std::string text = this->text(&left_out);
    noted_ = false;
    if (text == written_) co_return false;  // nothing was tried, so nothing is mended
    trouble_ = co_await write(std::move(text), left_out, std::move(scope));
    co_return true;
}

reactor::Task<std::optional<Error>> KeptMemory::write(std::string text, std::size_t left_out,
                                                      reactor::Scope scope) {
    for (int attempt = 1; attempt <= 2; ++attempt) {
        std::string name{text_name};
        auto written = co_await store_->write(std::move(name), text, version_, scope);
        if (!written) {
            noted_ = true;
            co_return std::move(written.error());
        }
        if (written->version) {
            version_ = std::move(written->version);
            written_ = std::move(text);
            if (left_out > 0) co_return too_large(left_out);
            co_return std::nullopt;
        }
        // What another process has kept meanwhile, or what could not be read at the start.
        noted_ = true;
        if (!written->present) break;
        auto trouble = take(*written->present);
        if (newer_) co_return trouble;
        text = this->text(&left_out);
        noted_ = false;
    }
    noted_ = true;
    co_return Error{.kind = ErrorKind::conflict,
                    .message = "another process keeps writing it",
                    .code = "MemoryConflict"};
}

}  // namespace fas::adapters
