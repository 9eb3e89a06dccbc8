#include "monitor/group.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <string_view>
#include <utility>

#include "base/mutant.h"
#include "quotawatch/monitor.h"
#include "quotawatch/shared.h"

namespace quotawatch {

State state_at_start(const Config& config, std::optional<State> saved, Moment now) {
  // Runs without accounts do not know which one is active; a config that names them does.
  const bool unknown_account = saved && saved->active_account.empty();
  if (unknown_account && !config.accounts.empty()) saved->active_account = config.active_account;
  return start_state(std::move(saved), config.active_account, now);
}

Group::Group(const Config& config, const Zone& host_zone, std::optional<State> saved, GroupParts parts)
    : config_(config), host_zone_(host_zone), rules_{{}, {}, host_zone, {}}, parts_(std::move(parts)) {
  if (saved) saved_ = *saved;
  state_ = state_at_start(config, std::move(saved), parts_.clock.now());
  state_.group = config.group;
  share(state_, parts_.pool != nullptr);
}

void Group::configure(const Config& config, JudgeCache& judges) {
  std::vector<JudgedSession> sessions;
  for (auto& [name, pool, pack] : watched_sessions(config)) {
    sessions.push_back({std::move(name), pool, &judges.find(pack)});
  }
  found_judge_ = &judges.find(config.pack);
  config_ = config;
  rules_.quota = config.quota;
  rules_.accounts = config.accounts;
  rules_.reserve = config.reserve;
  rules_.order = config.order;
  rules_.resume = config.resume;
  rules_.reaches = config.switch_reaches;
  if (parts_.pool != nullptr) rules_.store = SharingRules{parts_.host, config.store.alone};
  rules_.host_zone = zone_of(config, host_zone_);
  if (mutant("the configured zone is ignored")) rules_.host_zone = host_zone_;
  // Where they are is found out at the next poll, and they are judged again: by another pack, maybe.
  watched_.clear();
  set_sessions(std::move(sessions));
}

// From now on these are captured. The panes that are watched stay, and of a new session its active one is watched until
// the next capture says more.
void Group::set_sessions(std::vector<JudgedSession> sessions) {
  const auto names_before = std::exchange(names_, {});
  sessions_ = std::move(sessions);
  std::vector<AgentPane> panes;
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    names_.push_back(sessions_[i].name);
    const std::size_t known = panes.size();
    for (auto& watched : watched_) {
      if (names_before[watched.index] != names_[i]) continue;
      panes.push_back({watched.session, i, {}});
      panes.back().pane.pane = watched.pane;
    }
    if (panes.size() == known) panes.push_back({names_[i], i, {}});
  }
  for (auto& watched : watched_) {
    const auto place = std::ranges::find(names_, names_before[watched.index]);
    watched.index = static_cast<std::size_t>(place - names_.begin());
  }
  watch(panes);
}

void Group::watch_found(const std::vector<std::string>& found, Moment now) {
  const auto is_in = [](const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
  };
  for (const auto& name : config_.found) {
    if (!is_in(found, name)) journal_found(EventKind::lost, name, now);
  }
  for (const auto& name : found) {
    if (!is_in(config_.found, name)) journal_found(EventKind::found, name, now);
  }
  std::vector<JudgedSession> sessions;
  Config next = config_;
  next.found = found;
  for (const auto& name : config_.found) {
    if (!is_in(found, name)) next.found.push_back(name);  // once more: see Monitor::find_sessions()
  }
  const auto judge_of = [this](const std::string& name) {
    const auto known = std::ranges::find(sessions_, name, &JudgedSession::name);
    return known == sessions_.end() ? found_judge_ : known->judge;
  };
  for (auto& [name, pool, pack] : watched_sessions(next)) {
    Judge* const judge = judge_of(name);
    sessions.push_back({std::move(name), pool, judge});
  }
  config_.found = found;
  const bool same = std::ranges::equal(sessions, sessions_, {}, &JudgedSession::name, &JudgedSession::name);
  if (!same) set_sessions(std::move(sessions));
}

// From now on these panes are watched; what is known of those that were watched before stays.
void Group::watch(const std::vector<AgentPane>& panes) {
  std::vector<Watched> watched;
  std::vector<std::string> names;
  std::map<std::string, std::string> renamed;
  for (const auto& pane : panes) {
    auto before = std::ranges::find_if(watched_, [&](const Watched& one) {
      return one.index == pane.session && !one.pane.empty() && one.pane == pane.pane.pane;
    });
    if (before == watched_.end()) before = std::ranges::find(watched_, pane.name, &Watched::session);
    Watched next = before == watched_.end() ? Watched{} : std::exchange(*before, {});
    if (!next.session.empty() && next.session != pane.name) {
      renamed.emplace(next.session, pane.name);
      next.reported.reset();  // what it shows is reported under its new name
    }
    next.session = pane.name;
    next.index = pane.session;
    next.pool = sessions_[pane.session].pool;
    watched.push_back(std::move(next));
    names.push_back(pane.name);
  }
  watched_ = std::move(watched);
  rename_sessions(state_, renamed);
  resets_.watch(names);
}

void Group::start() {
  assert(!parts_.switcher.busy());
  const Moment now = parts_.clock.now();
  carry_out(State(state_), resume_switch(state_, now), now);
}

std::optional<SteadyTime> Group::next_look() const {
  if (second_look_ && look_at_) return std::min(*second_look_, *look_at_);
  return second_look_ ? second_look_ : look_at_;
}

SteadyTime Group::next_wake(Moment now) const {
  const SteadyTime next = resume_at_.value_or(SteadyTime::max());
  if (resets_.next() == WallTime::max()) return next;
  return std::min(next, now.steady + (resets_.next() - now.wall));
}

void Group::act_between_polls(Moment now) {
  announce_resets(now);
  if (resume_at_ && now.steady >= *resume_at_) go_on_resuming();
}

// A session that was refused again at its reset may soon be accepted: if polls are far apart, plans an
// extra one.
void Group::plan_second_look(const Evidence& evidence, Moment now) {
  second_look_.reset();
  if (mutant("no second look after a refusal")) return;
  for (const auto& dated : evidence.verdicts) {
    if (!dated.retry_at || *dated.retry_at <= now.wall) continue;
    const SteadyTime look = now.steady + (*dated.retry_at - now.wall);
    second_look_ = std::min(look, second_look_.value_or(look));
  }
}

void Group::take_report() {
  const auto report = parts_.switcher.take_report();
  if (!report) return;
  const Moment now = parts_.clock.now();
  parts_.observer.hook_ended(*report, now);
  if (mutant("the end of a hook is ignored")) return;
  auto [next, decision] = end_switch(rules_, state_, *report, now);
  if (report->done && rules_.resume.any() && !mutant("stopped sessions wait for the next poll")) look_at_ = now.steady;
  carry_out(std::move(next), decision, now);
}

void Group::begin_poll(Moment now) {
  look_at_.reset();
  if (const auto over = end_pause(state_, now.wall)) {
    save();
    write(*over, now);
  }
  const bool ask = parts_.pool != nullptr && !parts_.pool->tells_of_changes() && !parts_.pool->busy(name());
  if (ask) parts_.pool->read(name());
  announce_resets(now);  // before this poll takes their banners as expired
}

void Group::poll(TmuxCapture capture, Moment now) {
  take_panes(panes_.choose(sessions_, std::move(capture)), now);
  // Moved, not copied: the state is large and polls should be cheap.
  auto [remembered, evidence] = fold(rules_, std::move(state_), observe(), now);
  state_ = std::move(remembered);
  journal_verdicts(evidence, now);
  journal_nearing(evidence, now);
  journal_unrecognised(now);
  journal_standstills(now);
  note_hits(evidence);
  plan_second_look(evidence, now);
  decide(evidence, now);
  plan_resumptions(evidence, now);
}

Group::Watched* Group::find_watched(const std::string& session) {
  const auto found = std::ranges::find(watched_, session, &Watched::session);
  return found == watched_.end() ? nullptr : &*found;
}

bool Group::watches(const std::string& session) const {
  return std::ranges::find(watched_, session, &Watched::session) != watched_.end();
}

void Group::decide(const Evidence& evidence, Moment now) {
  auto [next, decision] = step(rules_, std::move(state_), evidence, now);
  counted_ = decision.counted;
  parts_.observer.decided(evidence, decision, now);
  carry_out(std::move(next), decision, now);
}

void Group::announce_resets(Moment now) {
  if (now.wall >= resets_.next()) write_all(resets_.take_ended(now.wall, state_), now);
  assert(resets_.next() > now.wall);
}

// The order is what makes a crash harmless: first the state is safe, then the
// journal says so, and only then does the hook start (A1).
void Group::carry_out(State&& next, const Decision& decision, Moment now) {
  assert(!decision.request || decision.request == next.in_flight);
  assert(!decision.request || !parts_.switcher.busy());
  state_ = std::move(next);
  const auto failure = save();
  write_all(decision.events, now);
  const bool proposed = state_.in_flight && state_.in_flight->proposed;
  if (!(decision.request || (proposed && failure)) || mutant("hooks are never started")) return;
  if (mutant("hooks are started twice") && !failure) start_hook(*decision.request, now);
  if (!failure || (!proposed && mutant("a hook starts for what is not saved"))) return start_hook(*decision.request, now);
  // A request that a crash could forget must not start: it might be made twice.
  const SwitchReport report{state_.in_flight->id, false, "the state cannot be saved: " + *failure};
  auto [given_up, ended] = end_switch(rules_, state_, report, now);
  state_ = std::move(given_up);
  write_all(ended.events, now);
}

CommandAnswer Group::carry_out_command(CommandedState commanded, Moment now) {
  assert(!looking_);
  auto& [next, event, answer] = commanded;
  assert(event.has_value() == (answer.outcome == CommandAnswer::Outcome::done));
  if (!event) return answer;
  State before = std::exchange(state_, std::move(next));
  if (const auto failure = save()) {
    state_ = std::move(before);
    return {CommandAnswer::Outcome::refused, "nothing has changed: the state cannot be saved: " + *failure};
  }
  write(*event, now);
  return answer;
}

CommandAnswer Group::obey(const AccountCommand& command) {
  const Moment now = parts_.clock.now();
  auto answer = carry_out_command(quotawatch::obey(rules_, state_, command, now), now);
  const bool done = answer.outcome == CommandAnswer::Outcome::done;
  if (done && command.kind == AccountCommand::Kind::use && rules_.resume.any()) look_at_ = now.steady;
  return answer;
}

CommandAnswer Group::obey(const PauseCommand& command) {
  const Moment now = parts_.clock.now();
  auto answer = carry_out_command(quotawatch::obey(state_, command, now), now);
  if (is_paused(state_, now.wall)) asked_.clear();
  return answer;
}

std::optional<std::string> Group::save() {
  if (same_saved(state_, saved_)) return std::nullopt;
  if (mutant("a request is not saved") && state_.in_flight) return std::nullopt;
  State next = state_;
  if (mutant("limits are not saved")) next.limited_until.clear();
  parts_.observer.saving();
  auto failure = parts_.save(next);
  parts_.observer.saved(!failure);
  if (!failure) saved_ = std::move(next);
  // Logged when saving begins to fail and when it works again.
  if (failure && !save_failing_) spdlog::error("the state cannot be saved: {}", *failure);
  if (!failure && save_failing_) spdlog::info("the state can be saved again");
  save_failing_ = failure.has_value();
  return failure;
}

void Group::start_hook(const SwitchRequest& request, Moment now) {
  parts_.observer.hook_starting(request, now);
  parts_.switcher.start(request);
  parts_.observer.hook_started();
}

void Group::write(Event event, Moment now) {
  if (!name().empty()) event.group = name();
  parts_.observer.journalling();
  parts_.journal.write(event);
  parts_.observer.journalled(event, now);
}

void Group::write_all(const std::vector<Event>& events, Moment now) {
  for (const auto& event : events) write(event, now);
}

}  // namespace quotawatch
