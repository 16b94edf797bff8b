// The configuration in force: the document where it is kept, read again now and then, under the
// environment and, in Lambda, an event. A document that cannot be read or used leaves the one
// before it in force, and the log says so. One thread.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "app/config_source.h"
#include "app/plumbing.h"
#include "app/settings.h"
#include "base/result.h"
#include "reactor/scope.h"
#include "reactor/task.h"

namespace fas::app {

class LiveConfiguration {
  public:
    // The plumbing must outlive it.
    LiveConfiguration(ConfigSource source, Plumbing& plumbing)
        : source_(std::move(source)), plumbing_(&plumbing) {}

    // False once there is nothing left to read, as ConfigSource::exists.
    bool can_change() const { return source_.exists(); }
    bool in_aws() const { return source_.in_aws(); }
    // The document's name; empty without one.
    std::string where() const { return document_ ? document_->name : ""; }

    // Looks for a document that is another one than before, and says whether there is. Errors:
    // those of ConfigSource::read_change, while there is no document. Later ones are said in the
    // log, each trouble once.
    reactor::Task<Result<bool>> look(reactor::Scope scope);

    // What document, environment and event come to. Where the document is at fault, for with the
    // last usable one there would be none, that one is in force again, with what the new one says
    // of its controls. Where the event is, or there was none usable, these are the problems.
    ReadSettings read(Purpose purpose, const std::optional<Document>& event = std::nullopt);

    // What the document in force and the environment would come to with an event, or another
    // document in its place. Changes nothing.
    ReadSettings what_if(Purpose purpose, const Document& event) const {
        return read_with(document_, purpose, event);
    }

    // Whether read() without an event would give what it gave the last time: that was without one
    // too, and there is no other document since.
    bool settled() const { return settled_; }

  private:
    ReadSettings read_with(const std::optional<Document>& document, Purpose purpose,
                           const std::optional<Document>& event) const;
    void refuse(const std::vector<Problem>& problems);
    bool usable(const ReadSettings& read, Purpose purpose, bool from_event) const;

    ConfigSource source_;
    Plumbing* plumbing_;
    std::optional<Document> document_;
    std::optional<Document> good_document_;  // the last that was usable; none yet
    bool is_new_ = false;                    // the document: it was not taken or refused yet
    scaling::Controls imposed_;              // by one that was refused since
    bool settled_ = false;
    std::string last_trouble_;  // of looking
};

}  // namespace fas::app
