#include "settings/draft.h"

#include "settings/tables.h"

namespace fas::settings {

const Row& target_row(std::string_view key) { return *target_table.find(key); }

Section Draft::process_section() {
    return {.table = &process_table, .owner = &process, .notes = &process_notes};
}

Section Draft::target_section() {
    return {.table = &target_table, .owner = &target, .notes = &target_notes, .kinds = kinds};
}

Section Draft::queue_section(std::size_t index) {
    QueueNotes& queue = several_queues[index];
    return {.table = &queue_table,
            .owner = &target.queues[index],
            .notes = &queue.notes,
            .kinds = queue.kinds};
}

bool Draft::given(std::string_view key) { return target_section().given(target_row(key)); }

bool Draft::wrong(std::string_view key) { return target_section().wrong(target_row(key)); }

std::string Draft::place(std::string_view key) { return target_section().place(target_row(key)); }

void Draft::forget(std::string_view key) { target_section().forget(target_row(key)); }

void Draft::refuse(std::string_view key, Problem problem) {
    context.refuse(target_section(), target_row(key), std::move(problem));
}

}  // namespace fas::settings
