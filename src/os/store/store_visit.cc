#include "os/store/store_visit.h"

#include <fmt/format.h>

#include "os/store/store_table.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

[[noreturn]] void refuse(const std::string& why) { throw InputError("store", 0, why); }

}  // namespace

StoreVisit::StoreVisit(StoreRules rules)
    : rules_(std::move(rules)),
      connection_(loop_, rules_.postgresql, rules_.timeout,
                  {[this] { connected_ = true; }, [this](const std::string& why) { lost_ = why; }, {}}) {
  if (rules_.postgresql.empty()) refuse("the config names no \"store\"; see docs/hosts.md");
  wait([this] { return connected_; });
}

void StoreVisit::wait(const std::function<bool()>& condition) {
  loop_.run_until([&] { return condition() || lost_; }, Milliseconds::max());
  if (!condition()) refuse(lost_.value_or("stopped"));
}

PostgresConnection::Result StoreVisit::ask_whatever(const Statement& statement) {
  std::optional<PostgresConnection::Result> answer;
  connection_.ask(statement.text, statement.parameters, [&](const auto& result) { answer = result; });
  wait([&] { return answer.has_value(); });
  return *answer;
}

PostgresConnection::Result StoreVisit::ask(const Statement& statement) {
  auto answer = ask_whatever(statement);
  if (!answer.why.empty()) refuse(answer.why);
  return answer;
}

std::optional<std::string> StoreVisit::version() {
  const auto answer = ask_whatever(read_version());
  if (answer.state == no_such_table) return std::nullopt;
  if (!answer.why.empty()) refuse(answer.why);
  return answer.rows.empty() ? "" : answer.rows.front().front();
}

void StoreVisit::check_table() {
  if (const auto fault = table_fault(version()); !fault.empty()) refuse(fault);
}

bool StoreVisit::make_table() {
  const bool made = !version();
  if (made) {
    ask({"BEGIN", {}});
    for (const auto& statement : create_table()) ask(statement);
    ask({"COMMIT", {}});
  }
  check_table();
  return made;
}

std::optional<PoolRow> StoreVisit::row(const std::string& group) {
  const auto answer = ask(read_row(rules_.fleet, group));
  return answer.rows.empty() ? std::nullopt : std::optional(row_of(answer.rows.front()));
}

std::vector<HostWord> StoreVisit::words(const std::string& group) {
  std::vector<HostWord> words;
  for (const auto& values : ask(read_words(rules_.fleet, group)).rows) words.push_back(word_of(values));
  return words;
}

std::string table_as_sql() {
  std::string sql = "BEGIN;\n";
  for (const auto& statement : create_table()) sql += statement.text + ";\n";
  return sql + "COMMIT;\n";
}

}  // namespace quotawatch::os
