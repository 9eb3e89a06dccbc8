#include "os/store/postgres_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <exception>
#include <utility>

#include "os/store/store_table.h"

namespace quotawatch::os {
namespace {

using Kind = StoreAnswer::Kind;
using Result = PostgresConnection::Result;

// How long it waits before it connects again: longer each time.
constexpr Milliseconds first_pause{250};
constexpr Milliseconds longest_pause = std::chrono::seconds{15};

// After so long it is taken for a new trouble.
constexpr Milliseconds calm = std::chrono::minutes{1};

}  // namespace

PostgresStore::PostgresStore(EventLoop& loop, StoreRules rules, const std::vector<std::string>& groups)
    : loop_(loop), rules_(std::move(rules)), again_(loop), calm_(loop), pause_(first_pause) {
  for (const auto& group : groups) groups_[group];
  connect();
}

void PostgresStore::connect() {
  connection_ = std::make_unique<PostgresConnection>(
      loop_, rules_.postgresql, rules_.timeout,
      PostgresConnection::Callbacks{[this] { check_table(); }, [this](const std::string& why) { lose(why); },
                                    [this](const std::string& topic) { hear(topic); }});
}

void PostgresStore::check_table() {
  auto statement = read_version();
  connection_->ask(statement.text, statement.parameters, [this](const Result& result) {
    std::optional<std::string> version;
    if (result.state != no_such_table) {
      if (!result.why.empty()) return result.state.empty() ? void() : lose(result.why);
      version = result.rows.empty() ? "" : result.rows.front().front();
    }
    if (const auto fault = table_fault(version); !fault.empty()) return lose(fault);
    listen();
  });
}

// Not everything that speaks the protocol can tell of changes.
void PostgresStore::listen() {
  connection_->ask(fmt::format("LISTEN {}", store_channel), {}, [this](const Result& result) {
    if (!result.why.empty() && result.state.empty()) return;  // the connection has ended: lose() is called
    listens_ = result.why.empty();
    begin();
  });
}

void PostgresStore::begin() {
  ready_ = true;
  calm_.start_once(calm, [this] { pause_ = first_pause; });
  why_away_.clear();
  for (auto& [name, group] : groups_) group.news = true;
  loop_.notify();
}

// Also of what is wrong with the table: it may be made meanwhile.
void PostgresStore::lose(const std::string& why) {
  ready_ = false;
  why_away_ = why;
  connection_.reset();
  calm_.stop();
  for (auto& [name, group] : groups_) {
    if (std::exchange(group.asked, false)) group.answer = StoreAnswer{};
    group.news = false;
  }
  again_.start_once(pause_, [this] { connect(); });
  pause_ = std::min(pause_ * 2, longest_pause);
  loop_.notify();
}

void PostgresStore::hear(const std::string& topic) {
  for (auto& [name, group] : groups_) {
    if (topic == store_topic(rules_.fleet, name)) group.news = true;
  }
  loop_.notify();
}

void PostgresStore::answer(Group& group, StoreAnswer answer) {
  group.asked = false;
  if (answer.kind == Kind::lost) group.news = ready_;
  group.answer = std::move(answer);
  loop_.notify();
}

// An error of the server leaves the connection as it was, but nobody knows what was done.
void PostgresStore::take(Group& group, Kind kind, const Result& result) {
  if (!result.why.empty()) return result.state.empty() ? void() : lose(result.why);
  try {
    PoolRow row = result.rows.empty() ? PoolRow{} : row_of(result.rows.front());
    group.limits = result.rows.empty() ? "" : stored_limits(result.rows.front());
    group.known = row;
    answer(group, {kind, std::move(row)});
  } catch (const std::exception& error) {
    lose(error.what());
  }
}

void PostgresStore::read(const std::string& name) {
  assert(!busy(name));
  Group& group = groups_.at(name);
  group.asked = true;
  if (!ready_) return answer(group, {});
  read_after(name, Kind::row);
}

void PostgresStore::read_after(const std::string& name, Kind kind) {
  auto statement = read_row(rules_.fleet, name);
  connection_->ask(std::move(statement.text), std::move(statement.parameters),
                   [this, name, kind](const Result& result) { take(groups_.at(name), kind, result); });
}

void PostgresStore::write(const std::string& name, const PoolRow& expected, const PoolRow& row) {
  assert(!busy(name));
  Group& group = groups_.at(name);
  group.asked = true;
  if (!ready_) return answer(group, {});
  const bool known = group.known == expected && !group.limits.empty();
  auto statement = write_row(rules_.fleet, name, expected, known ? group.limits : limits_text(expected.limited_until),
                             row, listens_);
  connection_->ask(std::move(statement.text), std::move(statement.parameters), [this, name](const Result& result) {
    if (result.why.empty() && result.rows.empty()) return read_after(name, Kind::beaten);
    take(groups_.at(name), Kind::written, result);
  });
}

bool PostgresStore::busy(const std::string& name) const {
  const Group& group = groups_.at(name);
  return group.asked || group.answer;
}

std::optional<StoreAnswer> PostgresStore::take_answer(const std::string& name) {
  return std::exchange(groups_.at(name).answer, std::nullopt);
}

bool PostgresStore::take_news(const std::string& name) { return ready_ && std::exchange(groups_.at(name).news, false); }

void PostgresStore::tell(const std::string& name, const HostWord& word) {
  if (!ready_) return;
  auto statement = write_word(rules_.fleet, name, word);
  connection_->ask(std::move(statement.text), std::move(statement.parameters), [this, name](const Result& result) {
    if (!result.why.empty()) return result.state.empty() ? void() : lose(result.why);
    // A change of which nothing was heard.
    Group& group = groups_.at(name);
    const bool changed = result.rows.empty() || result.rows.front().front() != std::to_string(group.known.generation);
    if (!changed || group.asked) return;
    group.news = true;
    loop_.notify();
  });
}

void PostgresStore::abandon() {
  again_.stop();
  calm_.stop();
  connection_.reset();
  for (auto& [name, group] : groups_) group = {};
  ready_ = false;
}

}  // namespace quotawatch::os
