#include "sim/check/hosts_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/check/history_check.h"

namespace quotawatch::sim {
namespace {

Milliseconds offset_of(SteadyTime when) { return when.time_since_epoch(); }

}  // namespace

struct HostsChecker::Host {
  std::string name;
  std::string active;                              // as it believes
  std::optional<SwitchRequest> running;            // its hook
  std::map<std::uint64_t, std::string> done = {};  // ids of switches, by generation
  std::map<std::uint64_t, Event> asked = {};       // what it decided itself, by generation
  struct Limit {
    WallTime until;
    Milliseconds since{0};
  };
  std::set<std::string> freed = {};          // by its operator, since it has last written anything
  std::map<std::string, Limit> limits = {};  // that its screens have named
  Milliseconds disturbed_at{0};
  std::unique_ptr<StageObserver> view = {};
  Milliseconds polled_at{0};
  std::uint64_t untaken = 0;  // the generation of a switch that did not take here (A9)
  bool cut = false;           // from the database
  bool paused = false;        // by its operator
  bool unanswered = false;    // it says that the database is away: it is slow, or loses much (H3)
  bool excused = false;       // its state was damaged, or a switch did not take: it may do one again
};

class HostsChecker::View final : public StageObserver {
 public:
  View(HostsChecker& checker, Host& host) : checker_(checker), host_(host) {}

  void captured(const TmuxCapture& /*capture*/, Moment began) override {
    checker_.look(host_, offset_of(began.steady));
  }
  void journalled(const JournalEntry& entry) override { checker_.take(host_, entry); }
  void hook_started(const SwitchRequest& request, Moment now) override {
    checker_.start_hook(host_, request, offset_of(now.steady));
  }
  void hook_ended(const SwitchReport& report, Moment now) override {
    checker_.end_hook(host_, report, offset_of(now.steady));
  }
  void loaded(const std::optional<State>& state, bool whole, Moment now) override {
    checker_.disturb(host_, offset_of(now.steady));
    host_.active = state ? state->active_account : checker_.setup_.config.active_account;
    host_.running.reset();
    host_.excused = host_.excused || !whole;
    host_.paused = state && state->pause.has_value();
    if (!whole) host_.limits.clear();
  }
  void killed(Moment now) override { checker_.disturb(host_, offset_of(now.steady)); }
  void performed(const Action& action, Moment now) override {
    const bool usual = std::holds_alternative<ShowScreen>(action) || std::holds_alternative<SetSwitcher>(action) ||
                       std::holds_alternative<SetTruth>(action) || std::holds_alternative<SetWitness>(action);
    if (!usual) checker_.disturb(host_, offset_of(now.steady));
    if (std::holds_alternative<DamageState>(action) || std::holds_alternative<SetDisk>(action)) host_.excused = true;
  }

 private:
  HostsChecker& checker_;
  Host& host_;
};

HostsChecker::HostsChecker(Setup setup) : setup_(std::move(setup)) {
  for (const auto& name : setup_.hosts) {
    hosts_.push_back(std::make_unique<Host>());
    hosts_.back()->name = name;
    hosts_.back()->active = setup_.config.active_account;
  }
}

HostsChecker::~HostsChecker() = default;

StageObserver& HostsChecker::view(std::size_t host) {
  auto& found = *hosts_.at(host);
  if (!found.view) found.view = std::make_unique<View>(*this, found);
  return *found.view;
}

void HostsChecker::violate(const std::string& invariant, Milliseconds at, const std::string& what) {
  violations_.push_back({invariant, at, what});
}

void HostsChecker::disturbed(std::size_t host, Milliseconds until) { disturb(*hosts_.at(host), until); }

void HostsChecker::disturb(Host& host, Milliseconds until) { host.disturbed_at = std::max(host.disturbed_at, until); }

void HostsChecker::cut(std::size_t host, bool cut, Milliseconds at) {
  hosts_.at(host)->cut = cut;
  disturbed(host, at + std::chrono::seconds{15});
}

void HostsChecker::changed(const FakeDatabase::Change& change) {
  const Milliseconds at = offset_of(change.when);
  const auto& [before, row] = std::pair(change.before, change.row);
  row_changed_at_ = at;
  if (row.generation < before.generation) violate("hosts: generations", at, "one is followed by an older one");
  if (row.generation == before.generation && row.active_account != before.active_account) {
    violate("hosts: generations", at, "an account was changed without one");
  }
  if (row.generation != before.generation) {
    if (!accounts_.emplace(row.generation, row.active_account).second) {
      violate("hosts: one switch a generation", at, fmt::format("{} is there twice", row.generation));
    }
    if (before.generation > 0) check_decision(change, at);
    changed_at_ = at;
  }
  row_ = row;
}

// Of a switch that a host has decided by what it has seen.
void HostsChecker::check_decision(const FakeDatabase::Change& change, Milliseconds at) {
  const auto host = std::ranges::find_if(hosts_, [&](const auto& one) { return one->name == change.host; });
  if (host == hosts_.end() || !(*host)->asked.contains(change.row.generation)) return;
  ++decided_;
  const Milliseconds slack = 2 * setup_.clock_off + setup_.config.quota.poll_interval * 2;
  const auto limited = change.before.limited_until.find(change.row.active_account);
  const WallTime now = setup_.start + at;
  const bool freed = std::exchange((*host)->freed, {}).contains(change.row.active_account);
  if (!freed && limited != change.before.limited_until.end() && limited->second > now + slack) {
    violate("hosts: limited", at,
            fmt::format("{} chose {}, which all know to be limited", change.host, change.row.active_account));
  }
  const std::string& left = change.before.active_account;
  const auto seen = limited_at_.find(left);
  const bool truly = setup_.is_at_limit(left) || (seen != limited_at_.end() && at - seen->second <= slack);
  const Event& event = (*host)->asked.at(change.row.generation);
  // A banner that came when its reset had passed by this host's clock is a refusal by a server that is late, and one
  // of which the state was lost is new; one that names no reset may stand for long. So it is on a single host.
  const bool late = event.reset_at && *event.reset_at <= event.at;
  if (!setup_.prompt || truly || late || !event.reset_at || (*host)->excused) return;
  violate("hosts: one switch an exhaustion", at,
          fmt::format("{} left {} for nothing: {}", change.host, left, to_json(event)));
}

// A proposal that was beaten, or was made alone in the end, must not be taken for what the host publishes later under
// the same generation.
void HostsChecker::forget_asked(Host& host, const std::string& id) {
  std::erase_if(host.asked, [&](const auto& asked) { return asked.second.id == id; });
}

void HostsChecker::start_hook(Host& host, const SwitchRequest& request, Milliseconds at) {
  host.running = request;
  if (request.generation == 0) {
    if (!setup_.alone) violate("hosts: asked first", at, host.name + " starts a hook that the others know nothing of");
    forget_asked(host, request.id);  // it was proposed, and is made alone
    return;
  }
  const auto known = accounts_.find(request.generation);
  if (known == accounts_.end() || known->second != request.to) {
    violate("hosts: asked first", at,
            fmt::format("{} switches to {} with generation {}, which nobody has agreed on", host.name, request.to,
                        request.generation));
  }
  // One that was killed before it knew that the hook had ended runs it again, with the same id.
  const auto done = host.done.extract(request.generation);
  if (!done.empty() && done.mapped() != request.id && !host.excused) {
    violate("hosts: once a host", at, fmt::format("{} makes switch {} again", host.name, request.generation));
  }
}

void HostsChecker::end_hook(Host& host, const SwitchReport& report, Milliseconds at) {
  if (!host.running || host.running->id != report.id) return;
  disturb(host, at);  // what was decided while the hook ran can only begin now
  const SwitchRequest request = *std::exchange(host.running, std::nullopt);
  if (!report.done) return;
  host.active = request.to;
  if (request.generation > 0) host.done.emplace(request.generation, request.id);
}

void HostsChecker::take(Host& host, const JournalEntry& entry) {
  const Event& event = entry.event;
  if (event.kind == EventKind::switch_ && event.reason != "shared" && event.generation) {
    host.asked.insert_or_assign(*event.generation, event);
  }
  const bool decides = event.kind == EventKind::switch_ || event.kind == EventKind::exhausted_everywhere;
  if (decides && event.reset_at && event.from && event.reason != "shared") {
    host.limits.insert_or_assign(*event.from, Host::Limit{*event.reset_at, entry.offset});
  }
  if (event.kind == EventKind::switch_failed && event.retry_at) {
    disturb(host, entry.offset + (*event.retry_at - event.at));
  }
  if (event.kind == EventKind::pause) {
    host.paused = event.reason == "begun";
    disturb(host, entry.offset);
  }
  if (event.kind == EventKind::switch_beaten) forget_asked(host, event.id.value_or(""));
  if (event.kind == EventKind::store_down) host.unanswered = true;
  if (event.kind == EventKind::store_up) {
    host.unanswered = false;
    disturb(host, entry.offset);
  }
  if (event.kind == EventKind::switch_ineffective) {
    host.excused = true;
    host.untaken = row_.generation;
    host.active = event.from.value_or(host.active);
  }
  if (event.kind != EventKind::account) return;
  for (auto& one : hosts_) one->limits.erase(event.account.value_or(""));
  if (event.reason == "free") host.freed.insert(event.account.value_or(""));
  if (event.reason != "use") return;
  host.active = event.account.value_or("");
  host.done.clear();
}

// At a poll: whoever could hear of the last switch has made it.
void HostsChecker::look(Host& host, Milliseconds at) {
  for (const auto& account : setup_.config.accounts) {
    if (setup_.is_at_limit(account)) limited_at_[account] = at;
  }
  // It was stopped, or had no time.
  if (at - host.polled_at > 2 * setup_.config.quota.poll_interval) disturb(host, at);
  host.polled_at = at;
  const Milliseconds patience = 3 * setup_.config.quota.poll_interval + std::chrono::minutes{1};
  if (!host.cut && !host.unanswered) check_limits(host, at, patience);
  const Milliseconds since = std::max(changed_at_, host.disturbed_at);  // may be to come
  if (host.cut || host.unanswered || host.paused || host.running || host.untaken == row_.generation ||
      at - since <= patience || host.active == row_.active_account || row_.generation == 0)
    return;
  violate("hosts: nobody left behind", at,
          fmt::format("{} is on {}, all others agreed on {} {} ms ago", host.name, host.active, row_.active_account,
                      (at - since).count()));
  host.disturbed_at = at;  // once
}

// H2: what a host has learnt, all can know.
void HostsChecker::check_limits(Host& host, Milliseconds at, Milliseconds patience) {
  const WallTime now = setup_.start + at;
  for (auto& [account, limit] : host.limits) {
    const bool over = limit.until <= now + setup_.clock_off + std::chrono::minutes{10};
    // Another host may have read an older row, and writes what it knows as soon as it reads the newer one.
    if (over || at - std::max({limit.since, host.disturbed_at, row_changed_at_}) <= patience) continue;
    const auto told = row_.limited_until.find(account);
    if (told != row_.limited_until.end() && told->second >= limit.until - std::chrono::minutes{3}) continue;
    violate("hosts: limits are told", at,
            fmt::format("{} knows of a limit of {} that is not stored", host.name, account));
    limit.since = at;
  }
}

std::vector<Violation> HostsChecker::finish(const FakeDatabase& database, Milliseconds end) {
  if (const auto why = why_not_linear(database.operations()); !why.empty()) violate("hosts: linear", end, why);
  return std::move(violations_);
}

}  // namespace quotawatch::sim
