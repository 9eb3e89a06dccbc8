#include "tests/soak/lives.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "quotawatch/event.h"
#include "sim/check/journal_checker.h"
#include "tests/soak/asked.h"
#include "tests/soak/soak_files.h"

namespace quotawatch::soak {
namespace {

// The monitor measures by a steady clock what its journal states in wall time, both truncated to
// milliseconds.
constexpr Milliseconds clock_tolerance{5};
// The hook's timeout counts from its start, which it records a little later.
constexpr Milliseconds hook_start_allowance{500};

class LivesChecker {
 public:
  explicit LivesChecker(const Soak& soak)
      : soak_(soak),
        checker_(soak.config, clock_tolerance),
        asked_(
            soak.typed, soak.config.resume,
            [this](std::string_view invariant, WallTime at, const std::string& what) { violate(invariant, at, what); }),
        used_(soak.hook.size(), false) {}

  LivesReport run();

 private:
  Milliseconds offset(WallTime at) const { return at - soak_.lives.front().began; }
  void violate(std::string_view invariant, WallTime at, const std::string& what);
  void begin(const Life& life);
  void check_generation(const Life& life, const std::optional<State>& state);
  void settle(const Life& life, const std::optional<State>& state);
  void take_lines(const Life& life);
  void take(const Life& life, const Event& event);
  void start_hook(const Life& life, const Event& event);
  void end_hook(const Life& life, const Event& event);
  void end(const Life& life);
  bool hook_failed(const std::string& id, const Life& next) const;
  bool hook_said(const std::string& id, std::string_view what, std::optional<int> life) const;

  const Soak& soak_;
  sim::JournalChecker checker_;
  AskedChecker asked_;
  std::vector<bool> used_;  // hook starts for which there is a line in the journal
  std::optional<State> saved_;
  LivesReport report_;
};

void LivesChecker::violate(std::string_view invariant, WallTime at, const std::string& what) {
  report_.violations.push_back({std::string(invariant), offset(at), what});
}

LivesReport LivesChecker::run() {
  for (const auto& life : soak_.lives) {
    begin(life);
    take_lines(life);
    end(life);
  }
  asked_.end();
  auto& found = checker_.violations();
  report_.violations.insert(report_.violations.end(), found.begin(), found.end());
  std::ranges::stable_sort(report_.violations, {}, &sim::Violation::offset);
  return std::move(report_);
}

void LivesChecker::begin(const Life& life) {
  std::optional<State> state;
  try {
    if (life.state) state = parse_state(*life.state, "state");
  } catch (const InputError& error) {
    violate("crash", life.began, fmt::format("life {} finds a damaged state: {}", life.number, error.what()));
    return;
  }
  check_generation(life, state);
  settle(life, state);
  if (state) asked_.begin(life, *state);
  checker_.loaded(state, life.whole, offset(life.began), life.began);
  saved_ = std::move(state);
}

// The state on disk never goes back to an older generation.
void LivesChecker::check_generation(const Life& life, const std::optional<State>& state) {
  if (!saved_) return;
  const auto require = [&](bool holds, std::string_view what) {
    if (holds) return;
    violate("crash", life.began,
            fmt::format("{} went back between lives {} and {}", what, life.number - 1, life.number));
  };
  require(state.has_value(), "the state");
  if (!state) return;
  require(state->switches_asked >= saved_->switches_asked, "the number of switches");
  const auto done_at = [](const State& of) { return of.last_switch ? of.last_switch->done_at : WallTime::min(); };
  require(done_at(*state) >= done_at(*saved_), "the last switch");
  if (done_at(*state) != done_at(*saved_)) return;
  require(state->active_account == saved_->active_account, "the account in use");
  require(state->activation_order == saved_->activation_order, "the order of accounts");
}

// A switch whose end was saved, but the monitor was killed before journalling it.
void LivesChecker::settle(const Life& life, const std::optional<State>& state) {
  const auto& flight = checker_.in_flight();
  if (!flight || !state || !life.whole) return;
  if (state->in_flight && state->in_flight->id == flight->id) return;
  const std::string id = flight->id;
  if (state->last_switch && state->last_switch->id == id) {
    if (!hook_said(id, "done", std::nullopt)) {
      violate("single flight", life.began, fmt::format("{} is done, and no hook did it", id));
    }
    const WallTime done_at = state->last_switch->done_at;
    checker_.hook_ended({id, true, ""}, offset(done_at), done_at);
    return;
  }
  if (hook_failed(id, life)) checker_.hook_ended({id, false, ""}, offset(life.began), life.began);
}

void LivesChecker::take_lines(const Life& life) {
  const auto lines = split_lines(life.journal);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (trim(lines[i]).empty()) continue;
    ++report_.lines;
    if (const auto event = read_event(lines[i])) {
      take(life, *event);
    } else if (i + 1 == lines.size() && !life.journal.ends_with('\n')) {
      ++report_.torn_lines;
    } else {
      violate("journal", life.began,
              fmt::format("a line of life {} is no event: {}", life.number, escape_controls(lines[i].substr(0, 120))));
    }
  }
}

void LivesChecker::take(const Life& life, const Event& event) {
  const auto at = offset(event.at);
  const bool ends = event.kind == EventKind::switch_done || event.kind == EventKind::switch_failed;
  if (ends) end_hook(life, event);
  checker_.take({at, static_cast<std::size_t>(life.number), event}, at);
  if (event.kind == EventKind::resume) asked_.take(event, checker_.in_flight().has_value());
  report_.asked += event.kind == EventKind::resume ? 1U : 0U;
  report_.switches += event.kind == EventKind::switch_ ? 1U : 0U;
  report_.resumed += event.kind == EventKind::switch_resumed ? 1U : 0U;
  const bool asks = event.kind == EventKind::switch_ || event.kind == EventKind::switch_resumed;
  if (asks) start_hook(life, event);
  const bool pending = event.kind == EventKind::skip && event.reason == "pending";
  if (pending) checker_.polled(at);
}

// The hook starts right after its line in the journal; its own note comes later.
void LivesChecker::start_hook(const Life& life, const Event& event) {
  for (std::size_t i = 0; i < soak_.hook.size(); ++i) {
    const auto& note = soak_.hook[i];
    const bool is_it =
        !used_[i] && note.life == life.number && note.what == "start" && note.id == event.id.value_or("");
    if (!is_it) continue;
    used_[i] = true;
    ++report_.hooks;
    checker_.hook_started({note.id, note.from, note.to, "", "", std::nullopt, event.at}, offset(event.at));
    return;
  }
}

void LivesChecker::end_hook(const Life& life, const Event& event) {
  const std::string id = event.id.value_or("");
  const bool done = event.kind == EventKind::switch_done;
  const bool said_done = hook_said(id, "done", life.number);
  if (done && !said_done) {
    violate("single flight", event.at, fmt::format("{} is done, and no hook did it", id));
  }
  if (!done && said_done && event.why != "timed out") {
    violate("single flight", event.at, fmt::format("{} failed, and the hook did it", id));
  }
  checker_.hook_ended({id, done, ""}, offset(event.at), event.at);
}

// Finds starts of the hook without a line in the journal.
void LivesChecker::end(const Life& life) {
  for (std::size_t i = 0; i < soak_.hook.size(); ++i) {
    const auto& note = soak_.hook[i];
    if (used_[i] || note.life != life.number || note.what != "start") continue;
    used_[i] = true;
    ++report_.hooks;
    violate("single flight", note.at,
            fmt::format("life {} started the hook for {} and its journal does not say so", life.number, note.id));
  }
}

// In the previous life: it reported a failure or exceeded its timeout.
bool LivesChecker::hook_failed(const std::string& id, const Life& next) const {
  const int life = next.number - 1;
  if (hook_said(id, "done", life)) return false;
  if (hook_said(id, "failed", life)) return true;
  return std::ranges::any_of(soak_.hook, [&](const HookNote& note) {
    return note.id == id && note.life == life && note.what == "start" &&
           next.began - note.at >= soak_.config.switch_timeout - hook_start_allowance;
  });
}

bool LivesChecker::hook_said(const std::string& id, std::string_view what, std::optional<int> life) const {
  return std::ranges::any_of(soak_.hook, [&](const HookNote& note) {
    return note.id == id && note.what == what && (!life || note.life == *life);
  });
}

}  // namespace

LivesReport check_lives(const Soak& soak) { return LivesChecker(soak).run(); }

}  // namespace quotawatch::soak
