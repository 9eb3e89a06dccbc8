#include "quotawatch/monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include "base/mutant.h"
#include "base/text.h"
#include "monitor/group.h"
#include "quotawatch/duration.h"
#include "quotawatch/group_states.h"
#include "quotawatch/session_patterns.h"

namespace quotawatch {
AddressedGroup find_group(const std::vector<Config>& groups, const AccountCommand& command) {
  using Outcome = CommandAnswer::Outcome;
  std::vector<std::size_t> found;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    names.push_back(groups[i].group);
    const bool has = std::ranges::find(groups[i].accounts, command.account) != groups[i].accounts.end();
    if (command.group.empty() ? has : groups[i].group == command.group) found.push_back(i);
  }
  // Its own group says what is wrong with the account.
  if (found.empty() && groups.size() == 1 && command.group.empty()) found.push_back(0);
  if (found.size() == 1) return {found.front()};
  if (!command.group.empty()) {
    return {std::nullopt,
            {Outcome::wrong, in_quotes(command.group) + " is no group of the config" + suggest(command.group, names)}};
  }
  const std::string account = in_quotes(command.account);
  if (found.empty()) {
    return {std::nullopt,
            {Outcome::wrong,
             fmt::format("no group has an account {}; the groups are {}", account, fmt::join(names, ", "))}};
  }
  return {std::nullopt, {Outcome::wrong, "several groups have an account " + account + "; say which with --group"}};
}

CommandedState obey_saved(const Config& config, std::optional<State> saved, const AccountCommand& command, Moment now) {
  const auto groups = groups_of(config);
  const auto addressed = find_group(groups, command);
  CommandedState commanded{saved.value_or(State{}), std::nullopt, addressed.answer};
  if (!addressed.index) return commanded;
  const Config& group = groups[*addressed.index];
  const DecisionRules rules{group.quota, group.accounts, Zone::utc(), group.switch_reaches};
  State state = state_at_start(group, state_of_group(saved, group.group), now);
  auto [next, event, answer] = obey(rules, std::move(state), command, now);
  set_state_of_group(commanded.state, group.group, std::move(next));
  if (event && !group.group.empty()) event->group = group.group;
  commanded.event = std::move(event);
  commanded.answer = std::move(answer);
  return commanded;
}

Monitor::Monitor(const Config& config, const Zone& host_zone, JudgeCache& judges, MonitorParts parts)
    : parts_(std::move(parts)), poll_interval_(config.quota.poll_interval) {
  const Moment now = parts_.clock.now();
  auto loaded = parts_.store.load();
  parts_.observer.began(loaded, now);
  for (const auto& group : groups_of(config)) {
    const auto save = [this, name = group.group](const State& state) { return this->save(name, state); };
    groups_.push_back(
        std::make_unique<Group>(group, host_zone, state_of_group(loaded, group.group),
                                GroupParts{parts_.clock, parts_.tmux, parts_.switchers.of(group.group), parts_.journal,
                                           parts_.observer, parts_.keyboard, save, parts_.pool, parts_.host}));
  }
  if (loaded) saved_ = std::move(*loaded);
  configure(config, judges);
  next_poll_ = now.steady + poll_interval_;
  server_since_ = now.wall;
}

Monitor::~Monitor() = default;

void Monitor::configure(const Config& config, JudgeCache& judges) {
  assert(!is_polling());
  Config next = with_found(config, found_sessions(config_));
  const auto groups = groups_of(next);
  assert(std::ranges::equal(groups, groups_, {}, &Config::group, [](const auto& group) { return group->name(); }));
  for (const auto& pack : packs_of(config)) judges.find(pack);
  for (std::size_t i = 0; i < groups.size(); ++i) groups_[i]->configure(groups[i], judges);
  list_names();
  config_ = std::move(next);
  next_poll_ += config.quota.poll_interval - poll_interval_;
  poll_interval_ = config.quota.poll_interval;
}

void Monitor::list_names() {
  names_.clear();
  for (const auto& group : groups_) names_.insert(names_.end(), group->sessions().begin(), group->sessions().end());
}

void Monitor::start() {
  for (const auto& group : groups_) group->start();
}

Wake Monitor::run() {
  while (true) {
    const Wake wake = wait_until(next_wake());
    if (wake == Wake::stop || wake == Wake::reload) return wake;
    take_report();
    const Moment now = parts_.clock.now();
    const PollTime next{now, next_due(), next_due() < next_poll_};
    // An overdue poll comes first: notifications must not delay polls.
    const bool due = wake == Wake::deadline ? now.steady >= next.due : now.steady > next.due;
    if (due) {
      const bool all = now.steady >= next_poll_;
      if (all) schedule_next_poll(now.steady);
      poll(next, all);
    } else {
      for (const auto& group : groups_) group->act_between_polls(now);
    }
  }
}

Wake Monitor::wait_until(SteadyTime deadline) {
  if (groups_.size() == 1) parts_.observer.waiting(state());
  return parts_.clock.wait_until(deadline);
}

SteadyTime Monitor::next_due() const {
  SteadyTime due = next_poll_;
  for (const auto& group : groups_) due = std::min(due, group->next_look().value_or(next_poll_));
  return due;
}

// The next poll, or the end of a limit before it. A step of the wall clock is noticed at the next wake.
SteadyTime Monitor::next_wake() const {
  const Moment now = parts_.clock.now();
  SteadyTime next = next_due();
  for (const auto& group : groups_) next = std::min(next, group->next_wake(now));
  return next;
}

// The next time on the poll grid, skipping missed polls.
void Monitor::schedule_next_poll(SteadyTime now) {
  const Milliseconds late = now - next_poll_;
  next_poll_ += poll_interval_ * (1 + late / poll_interval_);
  if (mutant("late polls shift the grid")) next_poll_ = now + poll_interval_;
  assert(next_poll_ > now);
}

bool Monitor::finish_switch() {
  const auto in_flight = [this](const auto& group) {
    const auto& request = group->state().in_flight;
    return request && !(request->proposed && !parts_.pool->why_away().empty());
  };
  while (std::ranges::any_of(groups_, in_flight)) {
    if (wait_until(SteadyTime::max()) == Wake::stop) return false;
    take_report();
  }
  return true;
}

void Monitor::take_report() {
  for (const auto& group : groups_) group->take_report();
  if (parts_.pool != nullptr) heed_store(parts_.clock.now());
}

// It is back once it has answered: one that can be reached and does not answer would come and go.
void Monitor::heed_store(Moment now) {
  const auto write = [&](EventKind kind, std::string why) {
    Event event = make_event(kind, now.wall);
    event.why = std::move(why);
    parts_.observer.journalling();
    parts_.journal.write(event);
    parts_.observer.journalled(event, now);
  };
  const std::string why = parts_.pool->why_away();
  if (!why.empty() && !store_down_since_) {
    write(EventKind::store_down, why);
    store_down_since_ = now.wall;
  }
  for (const auto& group : groups_) group->heed_store(now);
  const auto is_known = [](const auto& group) { return group->state().run.row_is_current; };
  if (why.empty() && store_down_since_ && std::ranges::any_of(groups_, is_known)) {
    const auto down_for = now.wall - *std::exchange(store_down_since_, std::nullopt);
    write(EventKind::store_up, fmt::format("it was away for {}", format_duration(down_for)));
  }
}

void Monitor::poll() {
  const Moment now = parts_.clock.now();
  poll({now, now.steady, false}, true);
}

// Of groups that nothing has made due, a poll out of turn shows nothing: two polls of theirs are an interval apart.
void Monitor::poll(const PollTime& time, bool all) {
  const Moment now = time.now;
  PollTime seen = time;
  if (has_patterns(config_)) seen.sessions = &names_;
  std::vector<Group*> due;
  for (const auto& group : groups_) {
    const bool looks = group->next_look() && *group->next_look() <= now.steady;
    if (all || looks || groups_.size() == 1) due.push_back(group.get());
  }
  for (const auto* group : due) seen.groups.push_back(group->name());
  for (auto* group : due) group->begin_poll(now);
  if (parts_.pool != nullptr) heed_store(now);
  TmuxCapture capture = this->capture(all, now);
  if (capture.interrupted) return;
  tmux_took_ = parts_.clock.now().steady - now.steady;
  ask_witness(capture);
  parts_.observer.captured(capture, seen);
  polled_at_ = now.wall;
  journal_server(capture, now);
  if (groups_.size() == 1) {
    due.front()->poll(std::move(capture), now);
  } else {
    poll_each(due, capture, now);
  }
  if (parts_.pool != nullptr) heed_store(now);
  poll_took_ = parts_.clock.now().steady - now.steady;
}

// Each group gets its sessions' part.
void Monitor::poll_each(const std::vector<Group*>& due, const TmuxCapture& capture, Moment now) {
  std::size_t first = 0;
  for (const auto& group : groups_) {
    const std::size_t begin = mutant("a group counts the hits of another") ? 0 : first;
    first += group->sessions().size();
    if (std::ranges::find(due, group.get()) == due.end()) continue;
    group->poll(part_of(capture, begin, group->sessions().size()), now);
  }
}

// Sessions by pattern, as they are now. One that is gone is watched once more, so that its end is seen like any
// other's.
void Monitor::find_sessions(const std::vector<std::string>& there, Moment now) {
  if (polled_at_ && mutant("sessions are looked for only once")) return;
  Config next = with_found(config_, there);
  const auto groups = groups_of(next);
  for (std::size_t i = 0; i < groups_.size(); ++i) groups_[i]->watch_found(groups[i].found, now);
  list_names();
  config_ = std::move(next);
}

// Of all sessions; first it finds out which ones there are, at the first poll of a run and at those for `all` groups.
// Sets is_polling(): the event loop may run meanwhile.
TmuxCapture Monitor::capture(bool all, Moment now) {
  assert(!polling_);
  polling_ = true;
  SessionList listed;
  const bool by_pattern = has_patterns(config_) && (all || !polled_at_);
  if (by_pattern) listed = parts_.tmux.list_sessions();
  if (by_pattern && listed.server_up && !listed.interrupted) find_sessions(listed.names, now);
  TmuxCapture capture = listed.interrupted  ? interrupted_capture(names_.size())
                        : !listed.server_up ? all_failed(names_.size(), listed.why)
                                            : parts_.tmux.capture(names_);
  polling_ = false;
  assert(capture.panes.size() == names_.size());
  return capture;
}

void Monitor::ask_witness(TmuxCapture& capture) const {
  if (parts_.witness == nullptr) return;
  const auto ask = [&](std::size_t index, PaneCapture& pane) {
    if (pane.status != PaneCapture::Status::screen) return;
    pane.testimony = parts_.witness->ask(names_[index], pane);
  };
  for (std::size_t i = 0; i < capture.panes.size(); ++i) ask(i, capture.panes[i]);
  for (auto& further : capture.further) ask(further.session, further.pane);
}

void Monitor::journal_server(const TmuxCapture& capture, Moment now) {
  if (capture.server_up == server_up_) return;
  server_up_ = capture.server_up;
  server_since_ = now.wall;
  server_why_ = capture.why;
  Event event = make_event(server_up_ ? EventKind::tmux_up : EventKind::tmux_down, now.wall);
  if (!server_up_) event.why = capture.why;
  parts_.observer.journalling();
  parts_.journal.write(event);
  parts_.observer.journalled(event, now);
}

bool Monitor::is_polling() const {
  return polling_ || std::ranges::any_of(groups_, [](const auto& group) { return group->is_looking(); });
}

const State& Monitor::state(std::size_t group) const { return groups_.at(group)->state(); }

std::optional<std::string> Monitor::save(const std::string& group, const State& state) {
  const bool alone = groups_.size() == 1 && saved_.groups.empty() && is_top_group(group);
  if (alone) return parts_.store.save(state);
  State whole = saved_;
  if (mutant("saving a group forgets the others")) whole.groups.clear();
  set_state_of_group(whole, group, state);
  auto failure = parts_.store.save(whole);
  if (!failure) saved_ = std::move(whole);
  return failure;
}

CommandAnswer Monitor::obey(const AccountCommand& command) {
  std::vector<Config> groups;
  for (const auto& group : groups_) groups.push_back(group->config());
  auto [index, answer] = find_group(groups, command);
  if (index) answer = groups_[*index]->obey(command);
  if (parts_.pool != nullptr) heed_store(parts_.clock.now());  // other hosts shall know
  return answer;
}

CommandAnswer Monitor::resume_by_hand(const std::string& session) {
  const auto found = std::ranges::find_if(groups_, [&](const auto& group) { return group->watches(session); });
  if (found != groups_.end()) return (*found)->resume_by_hand(session);
  return {CommandAnswer::Outcome::wrong, in_quotes(session) + " is not watched" + suggest(session, names_)};
}

CommandAnswer Monitor::obey(const PauseCommand& command) {
  const bool types = std::ranges::any_of(groups_, [](const auto& group) { return group->is_typing(); });
  if (types) return {CommandAnswer::Outcome::refused, "a session is being asked to go on; try again in a moment"};
  CommandAnswer answer;
  for (const auto& group : groups_) {
    answer = group->obey(command);
    if (answer.outcome == CommandAnswer::Outcome::refused) break;
  }
  return answer;
}

MonitorView Monitor::view() const {
  MonitorView view{{}, {}, polled_at_, server_up_, server_since_, server_why_, next_poll_, poll_took_, tmux_took_};
  if (parts_.pool != nullptr) {
    std::string why = parts_.pool->why_away();
    // It can be reached again, and counts as down until it answers.
    if (store_down_since_ && why.empty()) why = "it has not answered yet";
    view.store = MonitorView::Store{store_down_since_, std::move(why)};
  }
  for (const auto& group : groups_) group->add_to(view);
  return view;
}

}  // namespace quotawatch
