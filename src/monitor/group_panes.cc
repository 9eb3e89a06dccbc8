// From what tmux and the programs say to what fold() is given: panes are captured and judged, and each session is
// observed.
#include <algorithm>
#include <cassert>
#include <string_view>
#include <utility>

#include "base/mutant.h"
#include "monitor/group.h"

namespace quotawatch {

void Group::take_panes(std::vector<AgentPane> panes, Moment now) {
  if (!std::ranges::equal(panes, watched_, {}, &AgentPane::name, &Watched::session)) watch(panes);
  assert(panes.size() == watched_.size());
  const bool heeds = heeds_progress(rules_, state_, now.wall);
  bool moved = false;
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    moved = moved || watched_[i].pane != panes[i].pane.pane;
    take_pane(i, std::move(panes[i]), heeds, now);
  }
  if (moved) find_shared_panes();
}

void Group::take_pane(std::size_t index, AgentPane chosen, bool heeds_progress, Moment now) {
  Watched& watched = watched_[index];
  PaneCapture& pane = chosen.pane;
  watched.status = pane.status;
  watched.why = std::move(pane.why);
  watched.pane = std::move(pane.pane);
  watched.window_pane = std::move(pane.window_pane);
  watched.program = std::move(pane.program);
  watched.program_started = pane.program_started;
  watched.testimony = pane.testimony;
  watched.went_on = false;
  watched.moved_on = false;
  watched.stand_in = chosen.stand_in;
  if (chosen.no_agent && !std::exchange(watched.no_agent, true)) journal_no_agent(watched, now);
  if (!chosen.no_agent && watched.status == PaneCapture::Status::screen) {
    watched.no_agent = false;
    judge(watched, std::move(pane.text), heeds_progress);
    forget_if_over(watched);
    return read_context(watched);
  }
  if (watched.status == PaneCapture::Status::failed) return;
  watched.no_agent = chosen.no_agent;
  if (watched.status == PaneCapture::Status::absent) watched.reported.reset();
  watched.text.reset();
  watched.unrecognised.clear();
  watched.standstill.reset();
  if (!mutant("the limit of a missing session ends")) resets_.remove(index);
}

// Only changed screens are judged. Only what was answered
// and done shows that a session goes on: clocks, spinners and drafts change while it stands still.
void Group::judge(Watched& watched, std::shared_ptr<const std::string> text, bool heeds_progress) const {
  assert(text != nullptr);
  if (watched.text == text) return;
  const auto before = std::exchange(watched.text, std::move(text));
  if (before && *before == *watched.text) return;
  Judge& judge = *sessions_[watched.index].judge;
  watched.reading = judge.read(*watched.text);
  if (rules_.resume.any() || !state_.resumptions.empty()) watched.posture = judge.posture(*watched.text);
  const bool asked = state_.resumptions.contains(watched.session);
  if ((heeds_progress || asked) && before) {
    watched.moved_on = quotawatch::went_on(judge.progress(*before), judge.progress(*watched.text));
    watched.went_on = heeds_progress && watched.moved_on;
  }
}

// Whether a conversation goes on matters only where one is remembered, or where a record can say what no rule sees.
void Group::read_context(Watched& watched) const {
  if (watched.reading.context != Context::unread) return;
  if (!watched.testimony && !state_.sessions.contains(watched.session)) return;
  watched.reading.context = sessions_[watched.index].judge->context(*watched.text);
}

// A hook says when a turn is refused, and nothing when the next one is not: what it said counts for as long as the
// screen shows that turn.
void Group::forget_if_over(Watched& watched) const {
  if (!watched.testimony || watched.testimony->says != Testimony::Says::rate_limited) return;
  auto shown = sessions_[watched.index].judge->progress(*watched.text).conversation;
  if (watched.said_at != watched.testimony->at) {
    watched.said_at = watched.testimony->at;
    watched.said_in = std::move(shown);
  } else if (watched.said_in && !is_same(*watched.said_in, shown)) {
    watched.said_in.reset();
  }
  if (!watched.said_in) watched.testimony.reset();
}

void Group::find_shared_panes() {
  std::map<std::string_view, const Watched*> first_with;
  for (auto& watched : watched_) {
    watched.same_pane_as.clear();
    if (watched.pane.empty()) continue;
    const auto [first, is_first] = first_with.try_emplace(watched.pane, &watched);
    if (!is_first) watched.same_pane_as = first->second->session;
  }
}

std::vector<Observation> Group::observe() const {
  std::vector<Observation> observations;
  observations.reserve(watched_.size());
  for (const auto& watched : watched_) {
    switch (watched.status) {
      case PaneCapture::Status::absent:
        break;
      case PaneCapture::Status::failed:
        observations.push_back({watched.session, watched.pool, nullptr, watched.why});
        if (mutant("a failed capture shows what was before") && watched.text) {
          observations.back().reading = &watched.reading;
        }
        break;
      case PaneCapture::Status::ended:
        observations.push_back({watched.session, watched.pool, nullptr, "the program in the pane has ended", true});
        break;
      case PaneCapture::Status::screen:
        if (watched.no_agent) {
          observations.push_back({watched.session, watched.pool, nullptr, "no agent: its shell is left", true});
          break;
        }
        observations.push_back({watched.session, watched.pool, &watched.reading, "", false, watched.same_pane_as,
                                watched.went_on, watched.program_started, watched.testimony});
        break;
    }
  }
  return observations;
}

}  // namespace quotawatch
