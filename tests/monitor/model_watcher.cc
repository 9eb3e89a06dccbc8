#include "model_watcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "tests/decide/model/compare.h"

namespace quotawatch::tests {
namespace {

// The model knows no words: it only distinguishes messages, and what is shown.
Screen screen_of(Judge& judge, const std::string& text) {
  const Reading reading = judge.read(text);
  Screen screen;
  screen.context = judge.context(text);
  const bool never_counts = names_limit(reading.verdict) && !reading.counts;
  screen.verdict = never_counts ? Verdict::warning : reading.verdict;
  if (reading.limit) {
    screen.banner = reading.limit->message.hex();
    screen.text = reading.limit->conversation.text();
  }
  screen.window = reading.window;
  if (!reading.reset) return screen;
  screen.reset_text = reading.reset->text;
  screen.reset_after = reading.reset->after;
  if (reading.reset->at_clock) {
    screen.reset_clock = std::chrono::duration_cast<std::chrono::minutes>(*reading.reset->at_clock);
  }
  return screen;
}

bool is_observed_alone(EventKind kind) {
  return kind == EventKind::verdict || kind == EventKind::unrecognised || kind == EventKind::reset ||
         kind == EventKind::tmux_down || kind == EventKind::tmux_up || kind == EventKind::stopped ||
         kind == EventKind::near_limit;
}

// Rule and row are the judge's, and the reason is only for people.
Event without_words(Event event) {
  event.rule.reset();
  event.snippet.reset();
  event.why.reset();
  return event;
}

}  // namespace

ModelWatcher::ModelWatcher(const Config& config)
    : config_(config),
      model_({config.quota, config.accounts, Zone::utc(), config.switch_reaches, {}, config.reserve, config.order},
             config.active_account) {}

// Read by the production judge, like the rest of what is shown.
bool ModelWatcher::went_on(const std::string& session, const PaneCapture& captured) {
  using Status = PaneCapture::Status;
  if (captured.status == Status::absent || captured.status == Status::ended) texts_.erase(session);
  if (captured.status != Status::screen) return false;
  const auto before = texts_.find(session);
  const bool known = before != texts_.end();
  const std::string text = known ? before->second : "";
  texts_[session] = *captured.text;
  if (!known || text == *captured.text) return false;
  Judge& judge = judges().find(config_.pack);
  return quotawatch::went_on(judge.progress(text), judge.progress(*captured.text));
}

std::vector<Pane> ModelWatcher::panes_of(const TmuxCapture& capture) {
  const auto sessions = watched_sessions(config_);
  std::vector<Pane> panes;
  std::set<std::string> ids;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    Pane pane{sessions[i].name, sessions[i].pool, Pane::Kind::absent, {}};
    const auto& captured = capture.panes.at(i);
    if (captured.status == PaneCapture::Status::failed) pane.kind = Pane::Kind::failed;
    if (captured.status == PaneCapture::Status::ended) pane.kind = Pane::Kind::ended;
    pane.went_on = went_on(sessions[i].name, captured);
    pane.shared = !captured.pane.empty() && !ids.insert(captured.pane).second;
    if (captured.status == PaneCapture::Status::screen) {
      pane.kind = Pane::Kind::screen;
      pane.screen = screen_of(judges().find(config_.pack), *captured.text);
    }
    panes.push_back(std::move(pane));
  }
  return panes;
}

void ModelWatcher::loaded(const std::optional<State>& /*state*/, bool /*whole*/, Moment now) {
  compare();
  if (begun_) expect(model_.restart(now));
  begun_ = true;
}

void ModelWatcher::commanded(const AccountCommand& command, Moment now) { expect(model_.obey(command, now)); }

void ModelWatcher::captured(const TmuxCapture& capture, Moment began) {
  compare();
  note_boundaries(began.steady);
  expect(model_.poll(panes_of(capture), began));
}

void ModelWatcher::journalled(const sim::JournalEntry& entry) {
  if (is_observed_alone(entry.event.kind)) return;
  Event event = without_words(entry.event);
  if (event.id) event.id = number_of(*event.id);
  ++seen_[std::string(event_name(event.kind)) + event.reason.value_or("")];
  const bool done = event.kind == EventKind::switch_done;
  if (done || event.kind == EventKind::switch_failed) expect(model_.end(*event.id, done, now()));
  if (done) done_at_ = now().steady;
  got_.events.push_back(std::move(event));
}

void ModelWatcher::hook_started(const SwitchRequest& request, Moment /*now*/) {
  got_.request = request;
  got_.request->id = number_of(request.id);
}

void ModelWatcher::expect(Outcome outcome) {
  for (auto& event : outcome.events) wanted_.events.push_back(without_words(std::move(event)));
  if (outcome.request) wanted_.request = std::move(outcome.request);
}

void ModelWatcher::compare() {
  if (difference_.empty()) difference_ = tests::difference(wanted_, got_);
  wanted_ = {};
  got_ = {};
}

std::string ModelWatcher::difference() {
  compare();
  return difference_;
}

std::string ModelWatcher::number_of(const std::string& id) {
  auto found = std::find(ids_.begin(), ids_.end(), id);
  if (found == ids_.end()) found = ids_.insert(ids_.end(), id);
  return fmt::format("#{}", found - ids_.begin() + 1);
}

// Polls at the end of a cooldown, and just before and after it.
void ModelWatcher::note_boundaries(SteadyTime began) {
  if (!done_at_ || model_.in_flight()) return;
  const auto past = began - (*done_at_ + config_.quota.cooldown);
  if (past == Milliseconds{0}) ++seen_["poll at the end of a cooldown"];
  if (past == Milliseconds{-1}) ++seen_["poll one ms before the end of a cooldown"];
  if (past == Milliseconds{1}) ++seen_["poll one ms after the end of a cooldown"];
}

}  // namespace quotawatch::tests
