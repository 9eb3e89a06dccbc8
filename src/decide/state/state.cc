#include "quotawatch/state.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace quotawatch {
namespace {

auto saved_part(const State& state) {
  return std::tie(state.active_account, state.activation_order, state.limited_until, state.activations,
                  state.last_switch, state.untaken, state.in_flight, state.switches_asked, state.exhaustion_reported,
                  state.sessions, state.programs, state.resumptions, state.pause, state.use, state.warnings,
                  state.shared);
}

}  // namespace

bool is_limited(const State& state, const std::string& account, WallTime now) {
  const auto limited = state.limited_until.find(account);
  return limited != state.limited_until.end() && now < limited->second;
}

bool is_consistent(const State& state) {
  const State::Run& run = state.run;
  const bool cooldown_has_switch = !run.cooldown_since || state.last_switch;
  const bool nothing_suspected_in_flight = !state.in_flight || !run.suspicion;
  const bool flight_has_id = !state.in_flight || !state.in_flight->id.empty();
  const bool failures_are_waited_out = run.retry_at.has_value() == (run.failures_in_a_row > 0);
  return cooldown_has_switch && nothing_suspected_in_flight && flight_has_id && failures_are_waited_out;
}

void rename_sessions(State& state, const std::map<std::string, std::string>& names) {
  // All are taken out before one is put back: two may have changed places.
  const auto rename = [&](auto& sessions) {
    auto renamed = std::decay_t<decltype(sessions)>{};
    for (const auto& [from, to] : names) {
      auto entry = sessions.extract(from);
      if (entry.empty()) continue;
      entry.key() = to;
      [[maybe_unused]] const auto inserted = renamed.insert(std::move(entry));
      assert(inserted.inserted);
    }
    for (auto& [session, memory] : renamed) sessions.insert_or_assign(session, std::move(memory));
  };
  rename(state.sessions);
  rename(state.programs);
  rename(state.resumptions);
  rename(state.warnings);
  rename(state.run.last_looks);
  rename(state.run.resumed_at);
  for (auto& session : state.run.hits) {
    if (const auto renamed = names.find(session); renamed != names.end()) session = renamed->second;
  }
}

bool same_saved(const State& a, const State& b) {
  return saved_part(a) == saved_part(b) &&
         std::ranges::equal(a.groups, b.groups, [](const auto& one, const auto& other) {
           return one.first == other.first && same_saved(one.second, other.second);
         });
}

}  // namespace quotawatch
