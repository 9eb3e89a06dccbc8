#include "record/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "quotawatch/config_keys.h"
#include "quotawatch/pack.h"
#include "quotawatch/session_patterns.h"
#include "transcript/expectation.h"

namespace quotawatch {
namespace {

using Json = nlohmann::ordered_json;

Json pool_json(const Config& config) {
  Json json = Json::object();
  if (config.pool.max > 0) {
    json["autonomous"] = {
        {"prefix", config.pool.prefix}, {"start_index", config.pool.start_index}, {"max", config.pool.max}};
    if (!config.pool.pack.empty()) json["autonomous"]["pack"] = config.pool.pack;
  }
  if (!config.session_patterns.empty()) json["sessions"] = config.session_patterns;
  for (const auto& name : config.dedicated) {
    Json session{{"name", name}};
    const auto pack = config.dedicated_packs.find(name);
    if (pack != config.dedicated_packs.end()) session["pack"] = pack->second;
    json["dedicated"].push_back(std::move(session));
  }
  return json;
}

// A poll that is late by more than this part of its interval stays late.
constexpr int late_part = 4;
// Below this, a difference between the clocks is drift and not a step.
constexpr Milliseconds least_step{50};

// Pseudonyms of accounts: a, b, …, in the order of the config.
class AccountNames {
 public:
  AccountNames(const std::vector<std::string>& accounts, bool replace) : replace_(replace) {
    for (const auto& account : accounts) replaced(account);
  }

  std::string replaced(const std::string& account) {
    if (account.empty() || !replace_) return account;
    const auto [known, fresh] = names_.try_emplace(account);
    if (fresh) known->second = name(names_.size() - 1);
    return known->second;
  }

 private:
  static std::string name(std::size_t number) {
    constexpr std::size_t letters = 26;
    const std::string last(1, static_cast<char>('a' + number % letters));
    return number < letters ? last : name(number / letters - 1) + last;
  }

  bool replace_;
  std::map<std::string, std::string> names_;
};

void make_absolute(std::string& pack) {
  if (pack.empty() || pack == "auto" || builtin_pack_text(pack)) return;
  std::error_code error;
  const auto path = std::filesystem::absolute(pack, error);
  if (!error) pack = path.lexically_normal().string();
}

class Writer {
 public:
  Writer(const RecordedRun& run, JudgeCache& judges, Redactor* redactor, RecordedTimes times)
      : run_(run),
        judges_(judges),
        redactor_(redactor),
        times_(times),
        panes_(run.sessions, redactor),
        accounts_(run.config.accounts, redactor != nullptr),
        begun_(run.from_start ? run.steps.front().at.steady : run.steps.front().due - run.config.quota.poll_interval) {}

  Transcript write() {
    set_header();
    for (std::size_t i = run_.from_start ? 1 : 0; i < run_.steps.size(); ++i) write_step(i);
    std::ranges::stable_sort(transcript_.events, {}, &TranscriptEvent::offset);
    std::ranges::stable_sort(transcript_.expectations, {}, &Expectation::offset);
    return std::move(transcript_);
  }

 private:
  struct Place {
    std::size_t index;  // of the step
    Milliseconds due;   // changes up to here are seen by the step
    Milliseconds at;
  };

  void set_header() {
    const RecordedStep& first = run_.steps.front();
    transcript_.start = first.at.wall - (first.at.steady - begun_);
    transcript_.zone = run_.zone;
    transcript_.source = "quotawatch run, as it was recorded";
    transcript_.config = run_.config;
    for (auto& account : transcript_.config.accounts) account = accounts_.replaced(account);
    for (auto& account : transcript_.config.reserve) account = accounts_.replaced(account);
    transcript_.config.active_account = accounts_.replaced(run_.config.active_account);
    make_absolute(transcript_.config.pack);
    make_absolute(transcript_.config.pool.pack);
    for (auto& [session, pack] : transcript_.config.dedicated_packs) make_absolute(pack);
    transcript_.config_text = recorded_config(transcript_.config);
    transcript_.state = start_state_of(first);
  }

  void add(Milliseconds offset, Action action) { transcript_.events.push_back({offset, std::move(action), 0}); }

  Milliseconds offset_of(SteadyTime time) const { return time - begun_; }

  bool is_on_time(const RecordedStep& poll) const {
    const Milliseconds least =
        times_ == RecordedTimes::exact ? Milliseconds{0} : run_.config.quota.poll_interval / late_part;
    return poll.at.steady - poll.due <= least;
  }

  // When the step takes place in the recording.
  Milliseconds time_of(std::size_t index) const {
    const RecordedStep& step = run_.steps[index];
    const Milliseconds at = offset_of(step.at.steady);
    if (step.is_poll) return is_on_time(step) ? offset_of(step.due) : at;
    const bool is_command = std::holds_alternative<AccountCommand>(step.changes.front()) ||
                            std::holds_alternative<PauseCommand>(step.changes.front());
    if (!is_command) return at - request_lateness_;
    // A command that came while a poll was late came before it.
    const auto next = std::find_if(run_.steps.begin() + static_cast<std::ptrdiff_t>(index), run_.steps.end(),
                                   [](const RecordedStep& later) { return later.is_poll; });
    return next == run_.steps.end() || !is_on_time(*next) ? at : std::min(at, offset_of(next->due));
  }

  void write_step(std::size_t index) {
    const RecordedStep& step = run_.steps[index];
    const Milliseconds at = time_of(index);
    const Milliseconds due = step.is_poll ? offset_of(step.due) : after_last_step_;
    const Milliseconds drift = step.at.wall - transcript_.start - offset_of(step.at.steady);
    if (times_ == RecordedTimes::exact ? drift != drift_ : std::chrono::abs(drift - drift_) >= least_step) {
      add(due, StepClock{drift - std::exchange(drift_, drift)});
    }
    if (step.is_poll && !is_on_time(step)) add_stalls(index, due, at);
    for (const auto& change : step.changes) {
      std::visit([&](const auto& value) { write_change(value, Place{index, due, at}); }, change);
    }
    after_last_step_ = at + Milliseconds{1};
    transcript_.until = std::max(transcript_.until, at);
  }

  // A hook's end that the monitor handled while the poll was due already divides the stall.
  void add_stalls(std::size_t poll, Milliseconds due, Milliseconds at) {
    std::vector<Milliseconds> ends{at};
    for (std::size_t i = poll; i-- > 0 && !run_.steps[i].is_poll;) {
      const Milliseconds taken = offset_of(run_.steps[i].at.steady);
      if (end_of(run_.steps[i]) != nullptr && taken > due) ends.insert(ends.begin(), taken);
    }
    Milliseconds begin = due;
    for (const auto end : ends) {
      if (end > begin) add(begin, Stall{end - begin});
      begin = std::max(begin, end);
    }
  }

  void write_change(const SetServer& server, const Place& place) { add(place.due, server); }
  void write_change(const SetDisk& disk, const Place& place) { add(place.due, disk); }
  void write_change(const SwitchReport&, const Place& /*place*/) {}  // see outcome_of()
  void write_change(const PaneChange& pane, const Place& place) {
    if (place.index == 0 && pane.now.status == PaneCapture::Status::absent) return;
    for (auto& action : panes_.take(pane.session, pane.now)) add(place.due, std::move(action));
  }
  void write_change(const HookStarted&, const Place& place) {
    request_lateness_ = offset_of(run_.steps[place.index].at.steady) - place.at;
    add(place.due, SetSwitcher{outcome_of(place.index)});
  }
  void write_change(const AccountCommand& command, const Place& place) {
    add(place.at, AccountCommand{command.kind, accounts_.replaced(command.account)});
  }
  void write_change(const PauseCommand& command, const Place& place) { add(place.at, command); }
  void write_change(const RecordedDecision& event, const Place& place) {
    Event decision = *event;
    if (decision.from) decision.from = accounts_.replaced(*decision.from);
    if (decision.to) decision.to = accounts_.replaced(*decision.to);
    if (decision.why) decision.why = redacted_reason(*decision.why, redactor_);
    auto expectation = expectation_of(place.at, decision);
    // The system's message: replays do not have it.
    const bool unsaved = event->why && event->why->starts_with("the state cannot be saved");
    if (unsaved) std::erase_if(expectation.fields, [](const auto& f) { return f.first == "why"; });
    transcript_.expectations.push_back(std::move(expectation));
  }

  static const SwitchReport* end_of(const RecordedStep& step) {
    return step.changes.empty() ? nullptr : std::get_if<SwitchReport>(&step.changes.front());
  }

  // How the request of this step ended; if not within the recording, its hook hangs.
  SwitcherOutcome outcome_of(std::size_t index) {
    using Kind = SwitcherOutcome::Kind;
    for (std::size_t i = index; i < run_.steps.size(); ++i) {
      const SwitchReport* end = end_of(run_.steps[i]);
      if (end == nullptr) continue;
      const auto delay = run_.steps[i].at.steady - run_.steps[index].at.steady;
      // A hook that was killed at its timeout ended a moment later.
      if (delay > transcript_.config.switch_timeout) set_timeout(delay);
      return {end->done ? Kind::ok : Kind::fail, delay, end->done ? "" : redacted_reason(end->why, redactor_)};
    }
    return {Kind::hang, Milliseconds{0}, ""};
  }

  void set_timeout(Milliseconds timeout) {
    transcript_.config.switch_timeout = timeout;
    transcript_.config_text = recorded_config(transcript_.config);
  }

  // The saved state, as if the monitor had been killed after the first poll.
  State start_state_of(const RecordedStep& first) {
    State state = run_.state;
    state.active_account = accounts_.replaced(state.active_account);
    for (auto& account : state.activation_order) account = accounts_.replaced(account);
    std::map<std::string, WallTime> limited;
    for (const auto& [account, until] : state.limited_until) {
      limited[accounts_.replaced(account)] = until;
    }
    state.limited_until = std::move(limited);
    std::map<std::string, std::vector<KnownUse>> use;
    for (auto& [account, windows] : state.use) use[accounts_.replaced(account)] = std::move(windows);
    state.use = std::move(use);
    if (auto& last = state.last_switch) {
      last->from = accounts_.replaced(last->from);
      last->to = accounts_.replaced(last->to);
      // The cooldown counts in steady time, and a start has only the wall clock's.
      if (const auto since = run_.state.run.cooldown_since) {
        last->done_at = transcript_.start + (*since - begun_);
      }
    }
    // The recording has a witness's word at the poll that heard it, not when it was said.
    for (auto& [session, memory] : state.sessions) {
      if (memory.sighting) memory.sighting->what.refused_at.reset();
      if (memory.shown_at_request) memory.shown_at_request->refused_at.reset();
      if (memory.shown_at_switch) memory.shown_at_switch->refused_at.reset();
    }
    for (const auto& change : first.changes) {
      const auto& pane = std::get<PaneChange>(change);
      redact_memory(state, pane.session, pane.now);
    }
    return state;
  }

  // Redaction changes the fingerprint of a banner, so the state must follow.
  void redact_memory(State& state, std::size_t session, const PaneCapture& pane) {
    const auto found = state.sessions.find(run_.sessions[session]);
    if (found == state.sessions.end() || !pane.text || redactor_ == nullptr) return;
    const std::string text = redacted_text(pane, redactor_);
    if (text == *pane.text) return;
    const auto watched = watched_sessions(with_found(run_.config, run_.sessions));
    const auto place = std::ranges::find(watched, run_.sessions[session], &WatchedSession::name);
    assert(place != watched.end());
    Judge& judge = judges_.find(place->pack);
    const Reading before = judge.read(*pane.text);
    const Reading after = judge.read(text);
    if (!before.limit || !after.limit) return;
    SessionMemory& memory = found->second;
    const auto redact = [&](Occurrence& shown) {
      if (is_same(shown, *before.limit)) shown = *after.limit;
    };
    if (memory.sighting) redact(memory.sighting->what);
    if (memory.shown_at_request) redact(*memory.shown_at_request);
    if (memory.shown_at_switch) redact(*memory.shown_at_switch);
  }

  const RecordedRun& run_;
  JudgeCache& judges_;
  Redactor* redactor_;
  RecordedTimes times_;
  PaneActions panes_;
  AccountNames accounts_;
  SteadyTime begun_;
  Milliseconds drift_{0};  // of the wall clock, as recorded so far
  Milliseconds after_last_step_{0};
  Milliseconds request_lateness_{0};  // by how much the poll of the last request was moved
  Transcript transcript_;
};

}  // namespace

std::string recorded_config(const Config& config) {
  const Config usual;
  Json json = Json::object();
  auto quota = Json::parse(changed_numbers("quota", config));
  if (!quota.empty()) json["quota"] = std::move(quota);
  json["pool"] = pool_json(config);
  for (const auto& account : config.accounts) {
    json["accounts"].push_back({{"name", account}});
    const bool reserve = std::ranges::find(config.reserve, account) != config.reserve.end();
    if (reserve) json["accounts"].back()["reserve"] = true;
  }
  if (config.order != usual.order) json["order"] = account_order_name(config.order);
  if (!config.active_account.empty()) json["active_account"] = config.active_account;
  if (config.pack != usual.pack) json["pack"] = config.pack;
  auto hook = Json::parse(changed_numbers("switch", config));
  if (!hook.empty()) json["switch"] = std::move(hook);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Transcript write_recording(const RecordedRun& run, JudgeCache& judges, Redactor* redactor, RecordedTimes times) {
  assert(!run.steps.empty());
  return Writer(run, judges, redactor, times).write();
}

}  // namespace quotawatch
