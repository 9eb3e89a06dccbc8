#include "sim/harness/fake_database.h"

#include <cassert>
#include <utility>

namespace quotawatch::sim {
namespace {

using Kind = StoreAnswer::Kind;

constexpr Milliseconds told_after{2};
constexpr Milliseconds tried_every = std::chrono::seconds{5};

}  // namespace

StoreAnswer FakeDatabase::carry_out(const StoreOperation& operation, SteadyTime now, bool stale) {
  PoolRow& row = rows_[operation.group];
  if (!operation.writes) return {Kind::row, stale ? rows_before_[operation.group] : row};
  const PoolRow& expected = operation.expected;
  if (row.generation != expected.generation || row.limited_until != expected.limited_until) return {Kind::beaten, row};
  const PoolRow before = row;
  row.limited_until = operation.row.limited_until;
  if (operation.row.generation != expected.generation) {
    row = operation.row;
    row.switched_at = start_ + now.time_since_epoch();
  }
  rows_before_[operation.group] = before;
  if (changed_) changed_({now, operation.host, operation.group, before, row});
  for (auto* store : stores_) {
    if (store->way_.host != operation.host) store->hear(operation.group);
  }
  return {Kind::written, row};
}

FakePoolStore::FakePoolStore(VirtualClock& clock, FakeDatabase& database, Way way)
    : clock_(clock), database_(database), way_(std::move(way)) {
  database_.stores_.push_back(this);
}

FakePoolStore::~FakePoolStore() { std::erase(database_.stores_, this); }

void FakePoolStore::plan(Milliseconds delay, std::function<std::optional<Wake>()> action) {
  clock_.schedule(clock_.now().steady + delay, VirtualClock::Order::event, std::move(action));
}

void FakePoolStore::cut() { cut_ = true; }

// Notifications of that time are lost: the connection is a new one.
void FakePoolStore::join() {
  cut_ = false;
  clock_.schedule_from_elsewhere(told_after, [this]() -> std::optional<Wake> {
    if (cut_ || away_) return std::nullopt;
    for (auto& [name, question] : questions_) question.news = true;
    return Wake::notified;
  });
}

void FakePoolStore::read(const std::string& group) { ask({way_.host, group, {}, {}}); }

void FakePoolStore::write(const std::string& group, const PoolRow& expected, const PoolRow& row) {
  StoreOperation operation{way_.host, group, {}, {}};
  operation.writes = true;
  operation.expected = expected;
  operation.row = row;
  ask(std::move(operation));
}

void FakePoolStore::ask(StoreOperation operation) {
  assert(!busy(operation.group));
  Question& question = questions_[operation.group];
  question.asked = true;
  question.serial = ++serial_;
  operation.asked = clock_.now().steady;
  Trip trip = way_.travel ? way_.travel() : Trip{};
  trip.arrives = trip.arrives && !cut_ && !away_;
  plan(way_.timeout, [this, group = operation.group, serial = question.serial]() -> std::optional<Wake> {
    lose(group, serial);
    return Wake::notified;
  });
  if (!trip.arrives) return;
  plan(trip.there, [this, operation, trip, serial = question.serial]() -> std::optional<Wake> {
    const SteadyTime now = clock_.now().steady;
    StoreAnswer answer = database_.carry_out(operation, now, trip.stale);
    StoreOperation done = operation;
    done.lost = !trip.returns || cut_;
    done.answered = done.lost ? now : now + trip.back;
    done.beaten = answer.kind == Kind::beaten;
    if (!done.writes) done.row = answer.row;
    const bool worthless = !done.writes && (trip.stale || done.lost);  // says nothing of what is stored
    if (!worthless) database_.operations_.push_back(done);
    if (done.lost) return std::nullopt;
    plan(trip.back, [this, group = done.group, serial, answer = std::move(answer)]() -> std::optional<Wake> {
      end(group, serial, answer);
      return Wake::notified;
    });
    return std::nullopt;
  });
}

void FakePoolStore::end(const std::string& group, std::uint64_t serial, StoreAnswer answer) {
  Question& question = questions_[group];
  if (!question.asked || question.serial != serial) return;
  question.asked = false;
  question.known = answer.row.generation;
  question.answer = std::move(answer);
}

// The connection is given up, and made again as soon as that is possible.
void FakePoolStore::lose(const std::string& group, std::uint64_t serial) {
  if (!questions_[group].asked || questions_[group].serial != serial) return;
  away_ = true;
  for (auto& [name, question] : questions_) {
    if (!std::exchange(question.asked, false)) continue;
    question.answer = StoreAnswer{};
  }
  come_back();
}

void FakePoolStore::come_back() {
  plan(tried_every, [this]() -> std::optional<Wake> {
    if (!away_) return std::nullopt;
    if (cut_) {
      come_back();
      return std::nullopt;
    }
    away_ = false;
    for (auto& [name, question] : questions_) question.news = true;
    return Wake::notified;
  });
}

// Called while another host's clock runs: this host hears of it a little later.
void FakePoolStore::hear(const std::string& group) {
  if (!way_.tells) return;
  clock_.schedule_from_elsewhere(told_after, [this, group]() -> std::optional<Wake> {
    if (cut_ || away_) return std::nullopt;
    questions_[group].news = true;
    return Wake::notified;
  });
}

bool FakePoolStore::busy(const std::string& group) const {
  const auto question = questions_.find(group);
  return question != questions_.end() && (question->second.asked || question->second.answer);
}

std::optional<StoreAnswer> FakePoolStore::take_answer(const std::string& group) {
  return std::exchange(questions_[group].answer, std::nullopt);
}

bool FakePoolStore::take_news(const std::string& group) {
  return !away_ && std::exchange(questions_[group].news, false);
}

// Its answer shows whether something was changed of which nothing was heard.
void FakePoolStore::tell(const std::string& group, const HostWord& /*word*/) {
  if (cut_ || away_) return;
  plan(told_after, [this, group]() -> std::optional<Wake> {
    if (cut_ || away_ || database_.row(group).generation == questions_[group].known) return std::nullopt;
    questions_[group].news = true;
    return Wake::notified;
  });
}

// Of a monitor that ends: the next one begins anew.
void FakePoolStore::abandon() {
  for (auto& [name, question] : questions_) question = {};
}

}  // namespace quotawatch::sim
