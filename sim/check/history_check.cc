#include "sim/check/history_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace quotawatch::sim {
namespace {

// What is compared: the server sets the rest.
bool is_same(const PoolRow& one, const PoolRow& other) {
  return one.generation == other.generation && one.active_account == other.active_account &&
         one.limited_until == other.limited_until;
}

bool fits(const PoolRow& stored, const PoolRow& expected) {
  return stored.generation == expected.generation && stored.limited_until == expected.limited_until;
}

PoolRow after(const PoolRow& stored, const StoreOperation& write) {
  PoolRow row = write.row.generation == stored.generation ? stored : write.row;
  row.limited_until = write.row.limited_until;
  row.switched_at = {};
  return row;
}

// One way in which all up to here may have been carried out: which of those that were asked by now are, and what is
// stored then.
struct Way {
  std::set<std::size_t> done;
  PoolRow row;
};

bool is_known(const std::vector<Way>& ways, const Way& way) {
  return std::ranges::any_of(ways,
                             [&](const Way& known) { return known.done == way.done && is_same(known.row, way.row); });
}

// The row after the question, if it can be carried out now.
std::optional<PoolRow> carry_out(const PoolRow& row, const StoreOperation& operation) {
  if (!operation.writes) return is_same(row, operation.row) ? std::optional(row) : std::nullopt;
  const bool fitting = fits(row, operation.expected);
  if (operation.lost) return fitting ? after(row, operation) : row;
  if (fitting == operation.beaten) return std::nullopt;
  return operation.beaten ? row : after(row, operation);
}

// All ways that are possible once the question `due` has been answered: others that are under way may come before.
std::vector<Way> go_on(const std::vector<StoreOperation>& operations, std::vector<Way> ways, std::size_t due,
                       const std::set<std::size_t>& open) {
  for (std::size_t i = 0; i < ways.size(); ++i) {
    for (const auto index : open) {
      if (ways[i].done.contains(index) || ways[i].done.contains(due)) continue;
      const auto row = carry_out(ways[i].row, operations[index]);
      if (!row) continue;
      Way way{ways[i].done, *row};
      way.done.insert(index);
      if (!is_known(ways, way)) ways.push_back(std::move(way));
    }
  }
  const bool may_fail = operations[due].lost;
  std::vector<Way> left;
  for (auto& way : ways) {
    if (way.done.erase(due) == 0 && !may_fail) continue;
    if (!is_known(left, way)) left.push_back(std::move(way));
  }
  return left;
}

}  // namespace

std::string why_not_linear(std::vector<StoreOperation> operations) {
  std::ranges::sort(operations, {}, &StoreOperation::asked);
  std::vector<std::size_t> by_answer(operations.size());
  for (std::size_t i = 0; i < by_answer.size(); ++i) by_answer[i] = i;
  std::ranges::stable_sort(by_answer, {}, [&](std::size_t i) { return operations[i].answered; });
  std::vector<Way> ways(1);
  std::set<std::size_t> open;
  std::size_t asked = 0;
  for (const auto due : by_answer) {
    while (asked < operations.size() && operations[asked].asked <= operations[due].answered) open.insert(asked++);
    ways = go_on(operations, std::move(ways), due, open);
    open.erase(due);
    if (!ways.empty()) continue;
    const auto& operation = operations[due];
    return fmt::format("{} {} generation {} at {} ms: no order explains it", operation.host,
                       operation.writes ? (operation.beaten ? "was beaten with" : "wrote") : "read",
                       operation.row.generation, operation.answered.time_since_epoch().count());
  }
  return "";
}

}  // namespace quotawatch::sim
