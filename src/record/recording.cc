#include "record/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "quotawatch/config_keys.h"
#include "quotawatch/pack.h"
#include "record/recorded_panes.h"
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
  for (const auto& name : config.dedicated) {
    Json session{{"name", name}};
    const auto pack = config.dedicated_packs.find(name);
    if (pack != config.dedicated_packs.end()) session["pack"] = pack->second;
    json["dedicated"].push_back(std::move(session));
  }
  return json;
}

// Accounts by other names, in the order in which they come.
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

// A pack that is a file, by a path that means the same from anywhere.
void make_absolute(std::string& pack) {
  if (pack.empty() || pack == "auto" || builtin_pack_text(pack)) return;
  std::error_code error;
  const auto path = std::filesystem::absolute(pack, error);
  if (!error) pack = path.lexically_normal().string();
}

class Writer {
 public:
  Writer(const RecordedRun& run, JudgeCache& judges, Redactor* redactor)
      : run_(run),
        judges_(judges),
        redactor_(redactor),
        panes_(run.sessions, redactor),
        accounts_(run.config.accounts, redactor != nullptr),
        begun_(run.from_start ? run.steps.front().at.steady : run.steps.front().due - run.config.quota.poll_interval) {}

  Transcript write() {
    set_header();
    Milliseconds drift = Milliseconds{0};  // of the wall clock, steps included
    for (std::size_t i = run_.from_start ? 1 : 0; i < run_.steps.size(); ++i) {
      const RecordedStep& step = run_.steps[i];
      const Milliseconds at = step.at.steady - begun_;
      const Milliseconds due = step.is_poll ? step.due - begun_ : before_report_;
      const Milliseconds wall = step.at.wall - transcript_.start - at;
      if (wall != drift) add(due, StepClock{wall - std::exchange(drift, wall)});
      if (step.is_poll) add_stalls(i, due, at);
      add_changes(step, due);
      if (step.hook_started) add(due, SetSwitcher{outcome_of(i)});
      if (step.command) {
        add(at, AccountCommand{step.command->kind, accounts_.replaced(step.command->account)});
      }
      add_expectations(step, at);
      before_report_ = at + Milliseconds{1};
      transcript_.until = std::max(transcript_.until, at);
    }
    std::ranges::stable_sort(transcript_.events, {}, &TranscriptEvent::offset);
    return std::move(transcript_);
  }

 private:
  void set_header() {
    const RecordedStep& first = run_.steps.front();
    transcript_.start = first.at.wall - (first.at.steady - begun_);
    transcript_.zone = run_.zone;
    transcript_.source = "quotawatch run, as it was recorded";
    transcript_.config = run_.config;
    for (auto& account : transcript_.config.accounts) account = accounts_.replaced(account);
    transcript_.config.active_account = accounts_.replaced(run_.config.active_account);
    make_absolute(transcript_.config.pack);
    make_absolute(transcript_.config.pool.pack);
    for (auto& [session, pack] : transcript_.config.dedicated_packs) make_absolute(pack);
    transcript_.config_text = recorded_config(transcript_.config);
    transcript_.state = start_state_of(first);
  }

  void add(Milliseconds offset, Action action) { transcript_.events.push_back({offset, std::move(action), 0}); }

  // Of a late poll. The end of a hook that was taken note of when the poll was due already
  // is no end of the monitor's being late, but divides it.
  void add_stalls(std::size_t poll, Milliseconds due, Milliseconds at) {
    std::vector<Milliseconds> ends{at};
    for (std::size_t i = poll; i-- > 0 && !run_.steps[i].is_poll;) {
      const Milliseconds taken = run_.steps[i].at.steady - begun_;
      if (run_.steps[i].ended && taken > due) ends.insert(ends.begin(), taken);
    }
    Milliseconds begin = due;
    for (const auto end : ends) {
      if (end > begin) add(begin, Stall{end - begin});
      begin = std::max(begin, end);
    }
  }

  void add_changes(const RecordedStep& step, Milliseconds due) {
    if (step.server_up) {
      using Mode = TmuxFault::Mode;
      add(due, SetServer{*step.server_up ? Mode::up : Mode::down, Milliseconds{0}});
    }
    const bool first = &step == &run_.steps.front();
    for (const auto& [session, pane] : step.panes) {
      if (first && pane.status == PaneCapture::Status::absent) continue;
      for (auto& action : panes_.take(session, pane)) add(due, std::move(action));
    }
    if (step.saves) add(due, SetDisk{!*step.saves});
  }

  // How the request of this step ended; one that was not seen to end goes on.
  SwitcherOutcome outcome_of(std::size_t index) {
    using Kind = SwitcherOutcome::Kind;
    for (std::size_t i = index; i < run_.steps.size(); ++i) {
      const auto& ended = run_.steps[i].ended;
      if (!ended) continue;
      const auto delay = run_.steps[i].at.steady - run_.steps[index].at.steady;
      if (delay > transcript_.config.switch_timeout) set_timeout(delay);
      return {ended->done ? Kind::ok : Kind::fail, delay, ended->done ? "" : redacted_reason(ended->why, redactor_)};
    }
    return {Kind::hang, Milliseconds{0}, ""};
  }

  // One that was ended at its timeout was gone a moment later.
  void set_timeout(Milliseconds timeout) {
    transcript_.config.switch_timeout = timeout;
    transcript_.config_text = recorded_config(transcript_.config);
  }

  void add_expectations(const RecordedStep& step, Milliseconds at) {
    for (const auto& event : step.decisions) {
      Event decision = event;
      if (decision.from) decision.from = accounts_.replaced(*decision.from);
      if (decision.to) decision.to = accounts_.replaced(*decision.to);
      if (decision.why) decision.why = redacted_reason(*decision.why, redactor_);
      auto expectation = expectation_of(at, decision);
      // In words of this host's disk.
      const bool unsaved = event.why && event.why->starts_with("the state cannot be saved");
      if (unsaved) std::erase_if(expectation.fields, [](const auto& f) { return f.first == "why"; });
      transcript_.expectations.push_back(std::move(expectation));
    }
  }

  // The saved state, as if the monitor had been killed after the first poll; what it says
  // of screens said of the redacted ones.
  State start_state_of(const RecordedStep& first) {
    State state = run_.state;
    state.active_account = accounts_.replaced(state.active_account);
    for (auto& account : state.activation_order) account = accounts_.replaced(account);
    std::map<std::string, WallTime> limited;
    for (const auto& [account, until] : state.limited_until) {
      limited[accounts_.replaced(account)] = until;
    }
    state.limited_until = std::move(limited);
    if (auto& last = state.last_switch) {
      last->from = accounts_.replaced(last->from);
      last->to = accounts_.replaced(last->to);
      // The cooldown counts in steady time, and a start has only the wall clock's.
      if (const auto since = run_.state.run.cooldown_since) {
        last->done_at = transcript_.start + (*since - begun_);
      }
    }
    for (const auto& [session, pane] : first.panes) redact_memory(state, session, pane);
    return state;
  }

  void redact_memory(State& state, std::size_t session, const PaneCapture& pane) {
    const auto found = state.sessions.find(run_.sessions[session]);
    if (found == state.sessions.end() || !pane.text || redactor_ == nullptr) return;
    const std::string text = redacted_text(pane, redactor_);
    if (text == *pane.text) return;
    const bool pool = session < static_cast<std::size_t>(run_.config.pool.max);
    Judge& judge = judges_.find(pool ? pool_pack(run_.config) : dedicated_pack(run_.config, run_.sessions[session]));
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
  RecordedPanes panes_;
  AccountNames accounts_;
  SteadyTime begun_;
  // Right after the step before: what comes at the moment of a hook's end comes after it.
  Milliseconds before_report_{0};
  Transcript transcript_;
};

}  // namespace

std::string recorded_config(const Config& config) {
  const Config usual;
  Json json = Json::object();
  auto quota = Json::parse(changed_numbers("quota", config));
  if (!quota.empty()) json["quota"] = std::move(quota);
  json["pool"] = pool_json(config);
  for (const auto& account : config.accounts) json["accounts"].push_back({{"name", account}});
  if (!config.active_account.empty()) json["active_account"] = config.active_account;
  if (config.pack != usual.pack) json["pack"] = config.pack;
  auto hook = Json::parse(changed_numbers("switch", config));
  if (!hook.empty()) json["switch"] = std::move(hook);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Transcript write_recording(const RecordedRun& run, JudgeCache& judges, Redactor* redactor) {
  return Writer(run, judges, redactor).write();
}

}  // namespace quotawatch
