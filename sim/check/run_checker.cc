#include "sim/check/run_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "quotawatch/duration.h"

namespace quotawatch::sim {
namespace {

constexpr int polls_to_switch = 2;  // "within two polls of the first moment"

Milliseconds offset_of(Moment moment) { return moment.steady.time_since_epoch(); }

bool within(const std::optional<int>& number, const HitCount& count) {
  return number.value_or(0) >= count.surely && number.value_or(0) <= count.possibly;
}

}  // namespace

Quality& Quality::operator+=(const Quality& other) {
  polls += other.polls;
  switches += other.switches;
  doubtful_switches += other.doubtful_switches;
  false_switches += other.false_switches;
  exhaustions += other.exhaustions;
  missed += other.missed;
  delays += other.delays;
  delay_sum += other.delay_sum;
  delay_max = std::max(delay_max, other.delay_max);
  return *this;
}

RunChecker::RunChecker(const Config& config)
    : config_(config),
      names_(session_names(config)),
      journal_(config),
      resets_(config),
      fleet_(config),
      early_(config) {}

void RunChecker::violate(const std::string& invariant, Milliseconds at, const std::string& what) {
  violations_.push_back({invariant, at, what});
}

bool RunChecker::enough(const FleetCount& count, bool surely) const {
  const Answer least = surely ? Answer::yes : Answer::maybe;
  const auto reached = [&](const HitCount& group, int threshold) {
    return (surely ? group.surely : group.possibly) >= threshold && group.fresh >= least;
  };
  return reached(count.pool, config_.quota.pool_threshold) ||
         reached(count.interactive, config_.quota.interactive_threshold) || count.lone >= least;
}

void RunChecker::captured(const TmuxCapture& capture, Moment began) {
  close_poll();
  ++quality_.polls;
  const auto at = offset_of(began);
  resets_.captured(capture, began);
  static const std::string none;
  const bool cooling = journal_.in_cooldown(at);
  assert(!cooling || journal_.last_done());
  const std::string& under_way = journal_.in_flight() ? journal_.in_flight()->id
                                 : cooling            ? journal_.last_done()->id
                                                      : none;
  fleet_.captured(capture.panes, under_way, journal_, began);
  early_.captured(capture, journal_, began);
  note_proof(began.wall);
  fleet_.note_charges(journal_, began.wall);
  journal_.forget_untaken(began.wall);
  count_again();
  check_second_look(began);
  journal_.polled(at);
  hear(capture);
  poll_ = {true, began, journal_.may_decide(at) && !is_paused(began.wall) && !journal_.has_given_up(began.wall), false};
  if (blocked_since_ && !is_switch_due()) held_until_ = at;
}

void RunChecker::hear(const TmuxCapture& capture) {
  std::set<std::string> refused;
  for (std::size_t i = 0; i < capture.panes.size(); ++i) {
    const auto& testimony = capture.panes[i].testimony;
    using Says = Testimony::Says;
    if (testimony && (testimony->says == Says::refused || testimony->says == Says::rate_limited)) {
      refused.insert(names_[i]);
    }
  }
  journal_.heard(std::move(refused));
}

// What was charged to the account left counts until the switch from it has been made once more.
void RunChecker::count_again() {
  const auto& untaken = journal_.untaken();
  const bool again = untaken && !untaken->requested_again && !untaken->given_up;
  fleet_.count_again(again ? std::optional(untaken->from) : std::nullopt, again && !untaken->doubtful);
}

bool RunChecker::awaits_proof(WallTime wall) const {
  const auto& last = journal_.last_done();
  return last && last->reset_at && wall < *last->reset_at && took_ != Answer::yes;
}

// A9: a session that goes on proves that the last switch took.
void RunChecker::note_proof(WallTime wall) {
  if (!awaits_proof(wall)) return;
  const Answer on = fleet_.went_on(journal_.reached_since());
  if (on == Answer::no) return;
  took_ = std::max(took_, on);
  journal_.prove_switch(on == Answer::yes);
}

// Polls keep to the grid that began with the run, unless somebody kept the monitor from it. With
// resume there are further looks, as soon as a switch is done.
void RunChecker::check_grid(Moment began, bool hindered) {
  const auto before = std::exchange(captured_at_, began.steady);
  // A capture that the server held up may have ended after the next poll's time.
  const bool overran = std::exchange(held_up_, hindered) && began.steady - before <= config_.tmux_timeout;
  if (hindered || overran || journal_.was_refused_again() || config_.resume.any()) return;
  // Two stalls in a row can delay two polls.
  if (began.steady <= stalled_until_ + config_.quota.poll_interval) return;
  const auto off = (began.steady - run_began_) % config_.quota.poll_interval;
  if (off != Milliseconds{0}) violate("grid", offset_of(began), "a poll beside the grid of polls");
}

// A session that is refused again at its reset must be captured again within a minute, unless a
// slow or hung tmux server prevents it.
void RunChecker::check_second_look(Moment began) {
  const bool hindered = std::exchange(hindered_, server_faulty_);
  check_grid(began, hindered);
  if (look_again_by_ && !hindered && began.steady > *look_again_by_) {
    violate("second look", offset_of(began),
            "a session was refused again at its reset, and a minute later nobody has looked");
  }
  look_again_by_.reset();
  constexpr Milliseconds soon = std::chrono::minutes{1};
  if (fleet_.was_refused_again(began.wall)) look_again_by_ = began.steady + soon;
}

// True if the rules require a switch, or a suspicion, at this poll.
bool RunChecker::is_switch_due() const {
  return poll_.may_decide && !fleet_.shows_nothing() && fleet_.knows_truth() &&
         journal_.has_free_account(poll_.began.wall) &&
         enough(fleet_.count(journal_.last_done(), poll_.began.wall), true);
}

// Checks that the previous poll had the required result.
void RunChecker::close_poll() {
  if (!std::exchange(poll_.open, false)) return;
  if (const auto session = fleet_.misjudged(journal_.verdicts(), poll_.began.wall)) {
    violate("verdict", offset_of(poll_.began), fmt::format("{} shows something other than the journal says", *session));
  }
  const int owed = std::exchange(owed_polls_, 0);
  if (!poll_.may_decide || !fleet_.knows_truth()) return;
  FleetCount count;
  if (!fleet_.shows_nothing()) count = fleet_.count(journal_.last_done(), poll_.began.wall);
  if (!enough(count, false)) {
    if (fleet_.saw_all()) journal_.calm();
    return;
  }
  if (!enough(count, true)) journal_.perhaps_calm();
  const bool due = !poll_.acted && enough(count, true) && journal_.has_free_account(poll_.began.wall);
  if (!due) return;
  const auto at = offset_of(poll_.began);
  const bool starts_again = at - owed_at_ > suspicion_intervals * config_.quota.poll_interval;
  owed_polls_ = starts_again ? 1 : owed + 1;
  owed_at_ = at;
  if (owed_polls_ != polls_to_switch) return;
  ++quality_.missed;
  violate(liveness_invariant, at, "sessions are blocked and a switch is allowed, but two polls requested none");
}

void RunChecker::truth_set(const SetTruth& set, Moment now) {
  fleet_.set_truth(set.session, set.truth);
  if (!fleet_.truly_blocked()) {
    blocked_since_.reset();
  } else if (!blocked_since_) {
    blocked_since_ = offset_of(now);
    ++quality_.exhaustions;
  }
}

bool RunChecker::is_paused(WallTime wall) const { return pause_ && (!pause_->until || wall < *pause_->until); }

// The operator works in the panes: nothing is switched and nothing typed.
void RunChecker::check_pause(const JournalEntry& entry) {
  const Event& event = entry.event;
  if (event.kind == EventKind::pause) {
    pause_.reset();
    if (event.reason == "begun") pause_ = Pause{event.retry_at};
  }
  const bool acts = event.kind == EventKind::switch_ || event.kind == EventKind::resume;
  if (acts && is_paused(event.at)) violate("pause", entry.offset, "something is done while the monitor is paused");
}

void RunChecker::journalled(const JournalEntry& entry) {
  check_pause(entry);
  if (entry.event.kind == EventKind::switch_) check_switch(entry);
  if (entry.event.kind == EventKind::exhausted_everywhere && fleet_.knows_truth()) check_believed(entry);
  if (entry.event.kind == EventKind::switch_ineffective) {
    poll_.acted = true;
    if (took_ == Answer::yes) {
      violate("untaken", entry.offset, "a switch is said not to have taken, and a session has gone on since");
    }
    check_untaken(entry);
    fleet_.charge(entry.event.sessions, entry.event.from.value_or(""));
  }
  const bool by_hand = entry.event.kind == EventKind::account && entry.event.from;
  if (entry.event.kind == EventKind::switch_done || by_hand) took_ = Answer::no;
  resets_.take(entry);
  early_.take(entry.event, journal_, entry.offset);
  const bool in_flight = journal_.in_flight().has_value();
  const bool in_poll = poll_.open && entry.event.at == poll_.began.wall;
  journal_.take(entry, in_poll ? offset_of(poll_.began) : entry.offset);
  if (entry.event.kind == EventKind::switch_ineffective) count_again();
  if (by_hand) fleet_.switched_by_hand();
  if (in_flight && !journal_.in_flight()) {
    fleet_.switch_ended(entry.event.kind == EventKind::switch_done);
  }
}

void RunChecker::check_switch(const JournalEntry& entry) {
  assert(poll_.open);
  poll_.acted = true;
  ++quality_.switches;
  const bool early = entry.event.reason == "near_limit";
  if (fleet_.knows_truth() && !early) {
    const auto count = fleet_.count(journal_.last_done(), poll_.began.wall);
    if (enough(count, false)) {
      quality_.doubtful_switches += count.blocked ? 0U : 1U;
      check_reset(entry);
    }
    check_evidence(entry, count);
    check_believed(entry);
    note_delay(entry.offset);
  }
  fleet_.switch_asked();
}

// A9: the account in use is not taken for limited by what shows that it is not in use.
void RunChecker::check_believed(const JournalEntry& entry) {
  const auto& last = journal_.last_done();
  const bool believed = last && !last->to.empty() && journal_.active_account() == last->to;
  const bool untaken = believed && awaits_proof(poll_.began.wall) && took_ == Answer::no && !journal_.untaken() &&
                       fleet_.shows_untaken(*last, poll_.began.wall);
  if (!untaken) return;
  violate("untaken", entry.offset, "the limit of the account left is taken for the new one's: the switch did not take");
}

// A9: only sessions that were asked again, and that show the limit of the account left, say that a switch did not take.
void RunChecker::check_untaken(const JournalEntry& entry) {
  const auto& last = journal_.last_done();
  if (!fleet_.knows_truth() || !last) return;
  for (const auto& session : entry.event.sessions) {
    if (fleet_.may_show_untaken(session, *last, poll_.began.wall)) continue;
    violate("untaken", entry.offset,
            fmt::format("{} is said to show the limit of the account left again, and does not", session));
  }
}

void RunChecker::check_evidence(const JournalEntry& entry, const FleetCount& count) {
  using Leniency = FleetRecord::Leniency;
  if (enough(count, false)) {
    if (within(entry.event.pool, count.pool) && within(entry.event.interactive, count.interactive)) {
      return;
    }
    violate("counts", entry.offset,
            fmt::format("pool {} and interactive {} were counted; the screens showed {} to {} and "
                        "{} to {}",
                        entry.event.pool.value_or(0), entry.event.interactive.value_or(0), count.pool.surely,
                        count.pool.possibly, count.interactive.surely, count.interactive.possibly));
    return;
  }
  ++quality_.false_switches;
  if (entry.event.reason == "lone") {
    violate("lone", entry.offset, "a switch for a lone hit that has not stood long enough in an idle pool");
    return;
  }
  const auto with = [&](Leniency leniency) {
    return enough(fleet_.count(journal_.last_done(), poll_.began.wall, leniency), false);
  };
  if (with(Leniency::stale_is_fresh)) {
    violate("stale evidence", entry.offset, "a switch on banners that are all stale");
  } else if (with(Leniency::failed_shows_last)) {
    violate("failed captures", entry.offset, "a switch that counts a session whose capture failed");
  } else if (with(Leniency::error_is_no_veto)) {
    violate("veto", entry.offset, "a switch that a server error vetoes");
  } else if (with(Leniency::record_denies_nothing)) {
    violate("forged banner", entry.offset, "a switch on a banner that the program's own record denies");
  } else {
    violate("false switch", entry.offset,
            fmt::format("a switch with {} and {} sessions that show a limit, fresh or not", count.pool.possibly,
                        count.interactive.possibly));
  }
}

// A4: the latest reset of the fresh hits, whatever their order.
void RunChecker::check_reset(const JournalEntry& entry) {
  const auto latest = fleet_.latest_reset(journal_.last_done(), poll_.began.wall);
  if (!latest.sure || latest.at == entry.event.reset_at) return;
  const auto text = [](const std::optional<WallTime>& time) {
    return time ? format_wall(*time) : std::string("unknown");
  };
  violate("reset", entry.offset,
          fmt::format("the limit resets at {}, not at {}", text(latest.at), text(entry.event.reset_at)));
}

void RunChecker::note_delay(Milliseconds at) {
  if (!blocked_since_) return;
  const auto delay = at - std::max(*blocked_since_, held_until_);
  assert(delay >= Milliseconds{0});
  ++quality_.delays;
  quality_.delay_sum += delay;
  quality_.delay_max = std::max(quality_.delay_max, delay);
}

void RunChecker::hook_started(const SwitchRequest& request, Moment now) {
  journal_.hook_started(request, offset_of(now));
}

void RunChecker::hook_ended(const SwitchReport& report, Moment now) {
  journal_.hook_ended(report, offset_of(now), now.wall);
}

void RunChecker::loaded(const std::optional<State>& state, bool whole, Moment now) {
  resets_.begin_run();
  run_began_ = now.steady;
  pause_ = state ? state->pause : std::nullopt;
  if (state && state->last_switch && state->last_switch->took) took_ = Answer::yes;
  const auto id_of = [&] { return journal_.in_flight() ? journal_.in_flight()->id : ""; };
  const auto done_of = [&] { return journal_.last_done() ? journal_.last_done()->id : ""; };
  const std::string flight_before = id_of();
  const std::string done_before = done_of();
  journal_.loaded(state, whole, offset_of(now), now.wall);
  early_.loaded(state);
  // The run begins with an existing state: what was shown before is unknown.
  const bool from_elsewhere = !std::exchange(begun_, true) && state.has_value();
  if (!whole || from_elsewhere) {
    fleet_.doubt_all();
    fleet_.doubt_accounts();
    took_ = std::max(took_, Answer::maybe);
  } else if (id_of() != flight_before) {
    if (!flight_before.empty()) fleet_.switch_ended(done_of() != done_before);
    if (!id_of().empty()) fleet_.switch_was_asked_before_kill();
  } else if (done_of() != done_before) {
    fleet_.switched_by_hand(true);
  }
}

void RunChecker::commanded(const AccountCommand& command, Moment /*now*/) {
  // The previous poll's results must come before this command.
  close_poll();
  journal_.commanded(command);
}

void RunChecker::performed(const Action& action, Moment now) {
  restarted_ = std::holds_alternative<Restart>(action);
  if (const auto* server = std::get_if<SetServer>(&action)) {
    server_faulty_ = server->mode != TmuxFault::Mode::up;
    hindered_ = true;
    stalled_until_ = std::max(stalled_until_, now.steady);  // a poll may be waiting for it, and delay the next
  }
  if (const auto* stall = std::get_if<Stall>(&action)) {
    hindered_ = true;
    stalled_until_ = std::max(stalled_until_, now.steady + stall->duration);
  }
  if (const auto* disk = std::get_if<SetDisk>(&action)) journal_.set_disk(disk->full);
  const auto* step = std::get_if<StepClock>(&action);
  if (step != nullptr && step->by < Milliseconds{0}) {
    fleet_.doubt_accounts();
    early_.doubt();
  }
}

void RunChecker::killed(Moment /*now*/) {
  // A restart comes while the monitor waits; a crash interrupts its work.
  fleet_.killed(!std::exchange(restarted_, false));
  // What the run had not saved yet, the next one may not know.
  if (took_ == Answer::yes) took_ = Answer::maybe;
  poll_.open = false;
  owed_polls_ = 0;
  look_again_by_.reset();
}

bool RunChecker::shows_late_banner(const std::string& session) const {
  return fleet_.is_late(session, journal_.last_done());
}

std::vector<Violation> RunChecker::finish() {
  close_poll();
  auto all = std::move(violations_);
  for (auto* more : {&journal_.violations(), &resets_.violations(), &early_.violations()}) {
    all.insert(all.end(), more->begin(), more->end());
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.offset < b.offset; });
  return all;
}

}  // namespace quotawatch::sim
