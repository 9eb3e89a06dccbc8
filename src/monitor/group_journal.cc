// Observations for the journal, and the view for status. Without influence on decisions.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/mutant.h"
#include "base/text.h"
#include "monitor/group.h"
#include "quotawatch/duration.h"

namespace quotawatch {
namespace {

// Words about a limit that no rule knows, whether or not their shape tells what they mean.
std::string unknown_words(const Reading& reading) {
  return reading.rule == limit_by_shape ? reading.murmur : reading.unrecognised;
}

// The same limit, of which no more is used: a warning may come and go, and round its reset.
bool is_journalled(const Nearing& journalled, const Nearing& near) {
  const bool more = near.percent.value_or(0) > journalled.percent.value_or(0);
  const bool same_reset = journalled.reset_at && near.reset_at ? is_same_reset(*journalled.reset_at, *near.reset_at)
                                                               : journalled.reset_text == near.reset_text;
  return !more && same_reset;
}

Event near_event(const Nearing& near, Moment now) {
  Event event = make_event(EventKind::near_limit, now.wall);
  add_near(event, near);
  if (!near.account.empty()) event.account = near.account;
  return event;
}

}  // namespace

void Group::add_to(MonitorView& view) const {
  const std::size_t index = view.groups.size();
  view.groups.push_back({name(), counted_});
  for (const auto& watched : watched_) {
    view.sessions.push_back({watched.session, index, watched.pool, watched.reported, watched.reported_at, watched.hit,
                             watched.why_uncounted, watched.pane, watched.window_pane, watched.program,
                             watched.no_agent, watched.stand_in, account_of(rules_, state_, watched.session),
                             watched.testimony});
  }
}

void Group::note_hits(const Evidence& evidence) {
  for (auto& watched : watched_) {
    watched.hit = HitStatus::none;
    watched.why_uncounted.clear();
  }
  for (const auto& hit : evidence.hits) {
    Watched* const watched = find_watched(hit.session);
    assert(watched != nullptr && watched->hit == HitStatus::none);
    watched->hit = hit.charged ? HitStatus::charged : hit.stale ? HitStatus::stale : HitStatus::fresh;
  }
  for (const auto& limit : evidence.uncounted) {
    Watched* const watched = find_watched(limit.session);
    assert(watched != nullptr && watched->hit == HitStatus::none);
    watched->hit = HitStatus::uncounted;
    watched->why_uncounted = limit.why;
  }
}

// Verdicts are journalled when they change, not at every poll.
void Group::journal_verdicts(const Evidence& evidence, Moment now) {
  if (mutant("verdicts are not journalled")) return;
  auto watched = watched_.begin();
  for (const auto& dated : evidence.verdicts) {
    watched = std::find_if(watched, watched_.end(), [&](const Watched& one) { return one.session == dated.session; });
    assert(watched != watched_.end());
    if (watched->reported == dated) continue;
    watched->reported = dated;
    watched->reported_at = now.wall;
    resets_.show(static_cast<std::size_t>(watched - watched_.begin()), dated);
    Event event = make_event(EventKind::verdict, now.wall);
    event.session = dated.session;
    event.verdict = verdict_name(dated.verdict);
    if (!dated.rule.empty()) event.rule = dated.rule;
    if (!dated.snippet.empty()) event.snippet = dated.snippet;
    if (!dated.reset_text.empty()) event.reset_text = dated.reset_text;
    event.reset_at = dated.reset_at;
    event.retry_at = dated.retry_at;
    if (!dated.account.empty()) event.account = dated.account;
    if (!dated.why.empty()) event.why = dated.why;
    write(event, now);
    journal_disagreement(*watched, dated, now);
  }
}

// Both stand in the journal, so that recall and false alarms can be counted where the program lives.
void Group::journal_disagreement(const Watched& watched, const DatedVerdict& dated, Moment now) {
  if (!watched.testimony) return;
  const bool silent = dated.rule == witness_rule;
  if (!silent && !dated.disputed) return;
  Event event = make_event(EventKind::disagree, now.wall);
  event.session = watched.session;
  event.verdict = verdict_name(watched.reading.verdict);
  if (!dated.snippet.empty()) event.snippet = dated.snippet;
  event.reset_at = watched.testimony->reset_at;
  event.why = fmt::format("the program itself says {}", testimony_name(watched.testimony->says));
  write(event, now);
}

// A near limit is journalled when it is first seen, and again when more of it is used.
void Group::journal_nearing(const Evidence& evidence, Moment now) {
  for (const auto& near : evidence.near) {
    Watched* const watched = find_watched(near.session);
    assert(watched != nullptr);
    const auto journalled = std::ranges::find(watched->nearing, near.window, &Nearing::window);
    if (journalled != watched->nearing.end() && is_journalled(*journalled, near)) continue;
    if (journalled == watched->nearing.end()) {
      watched->nearing.push_back(near);
    } else {
      *journalled = near;
    }
    write(near_event(near, now), now);
  }
}

void Group::journal_found(EventKind kind, const std::string& session, Moment now) {
  Event event = make_event(kind, now.wall);
  event.session = session;
  write(event, now);
}

void Group::journal_no_agent(const Watched& watched, Moment now) {
  Event event = make_event(EventKind::no_agent, now.wall);
  event.session = watched.session;
  event.why = "the agent has ended, and a shell is left in its pane";
  write(event, now);
}

// Unknown wording, once for as long as it is shown: for users to report, never to decide by.
void Group::journal_unrecognised(Moment now) {
  for (auto& watched : watched_) {
    if (!watched.text) continue;
    std::string news = watched.same_pane_as.empty() ? unknown_words(watched.reading) : "";
    if (std::exchange(watched.unrecognised, news) == news || news.empty()) continue;
    Event event = make_event(EventKind::unrecognised, now.wall);
    event.session = watched.session;
    event.snippet = make_snippet(watched.unrecognised);
    write(event, now);
  }
}

// A session whose capture failed is taken to show what it showed before (A2).
void Group::journal_standstills(Moment now) {
  for (auto& watched : watched_) {
    const bool seen = watched.status == PaneCapture::Status::screen && watched.text;
    if (!seen || !watched.same_pane_as.empty()) continue;
    const bool was_reported = watched.standstill && watched.standstill->reported;
    watched.standstill = look_again(watched.standstill, watched.reading, *watched.text, now.steady);
    if (!watched.standstill || !watched.standstill->reported || was_reported) continue;
    // Silence would be a fault: what the program said last may be a limit in words of its own.
    const bool murmurs = stands_with_murmur(watched.reading);
    Event event = make_event(murmurs ? EventKind::unrecognised : EventKind::stopped, now.wall);
    event.session = watched.session;
    event.snippet = murmurs ? make_snippet(watched.reading.murmur) : watched.reading.snippet;
    if (!murmurs) {
      event.verdict = verdict_name(watched.reading.verdict);
      event.rule = watched.reading.rule;
    }
    event.why = fmt::format("has shown this for {} and does nothing", format_duration(standstill_limit));
    write(event, now);
  }
}

}  // namespace quotawatch
