#include "decide/accounts/programs.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cstddef>

#include "base/mutant.h"

namespace quotawatch {
namespace {

// More than there are accounts in use, so that a program of any age is known.
constexpr std::size_t most_activations = 64;

// How far our time of a program's start may differ from the kernel's.
constexpr Milliseconds start_tolerance = std::chrono::seconds{2};

// Without accounts in the config nobody knows on which one a program runs.
bool tells_programs_apart(const DecisionRules& rules) {
  return rules.reaches == SwitchReach::restarted && !rules.accounts.empty();
}

std::string active_at(const State& state, WallTime time) {
  if (state.activations.empty()) return state.active_account;
  const auto last = std::ranges::find_if(state.activations.rbegin(), state.activations.rend(),
                                         [time](const Activation& active) { return active.since <= time; });
  return last == state.activations.rend() ? state.activations.front().from : last->to;
}

// Without a known start, a program goes on until its session or itself is seen to be gone, or its start gets
// known.
bool is_same_program(const Program& before, const Observation& now) {
  if (!before.started || !now.program_started) return true;
  if (mutant("a program that was restarted is the old one")) return true;
  return std::chrono::abs(*before.started - *now.program_started) <= start_tolerance;
}

// On plain screens, what a new program shows is new, even in the same words.
void forget_charge(State& state, const std::string& session) {
  const auto memory = state.sessions.find(session);
  if (memory == state.sessions.end() || !memory->second.sighting) return;
  Sighting& sighting = *memory->second.sighting;
  if (!sighting.what.conversation.block) return;
  sighting.charged_to.clear();
  sighting.charged = false;
}

void update_program(State& state, const Observation& observation) {
  const auto known = state.programs.find(observation.session);
  const auto& started = observation.program_started;
  if (known != state.programs.end() && is_same_program(known->second, observation)) {
    if (started && !known->second.started) known->second.account = active_at(state, *started);
    if (started) known->second.started = started;
    return;
  }
  if (known != state.programs.end()) forget_charge(state, observation.session);
  state.programs[observation.session] = {started ? active_at(state, *started) : state.active_account, started};
}

// The programs that were started since then run on another account than it seemed.
void move_programs(State& state, const std::string& from, const std::string& to, WallTime since) {
  for (auto& [session, program] : state.programs) {
    if (program.account == from && program.started && *program.started >= since) program.account = to;
  }
}

}  // namespace

std::string account_of(const DecisionRules& rules, const State& state, const std::string& session) {
  if (!tells_programs_apart(rules)) return state.active_account;
  const auto program = state.programs.find(session);
  if (program == state.programs.end() || mutant("every session is on the active account")) return state.active_account;
  return program->second.account;
}

void note_program_started(const DecisionRules& rules, State& state, const std::string& session, WallTime now) {
  if (!tells_programs_apart(rules)) return;
  forget_charge(state, session);
  state.programs[session] = {state.active_account, now};
}

void update_programs(const DecisionRules& rules, State& state, const std::vector<Observation>& observations) {
  if (!tells_programs_apart(rules)) return state.programs.clear();
  std::erase_if(state.programs, [&](const auto& program) {
    const auto observed = std::ranges::find(observations, program.first, &Observation::session);
    return observed == observations.end() || observed->ended;
  });
  for (const auto& observation : observations) {
    if (observation.reading != nullptr) update_program(state, observation);
  }
}

// Where programs cannot be distinguished, only the last one matters, since it may be undone.
void note_activation(const DecisionRules& rules, State& state, const std::string& from, const std::string& to,
                     WallTime since) {
  const std::size_t most = tells_programs_apart(rules) ? most_activations : 1;
  auto& activations = state.activations;
  while (activations.size() >= most) activations.erase(activations.begin());
  activations.push_back({from, to, since});
  move_programs(state, from, to, since);
}

void undo_activation(State& state) {
  assert(!state.activations.empty());
  const Activation undone = state.activations.back();
  state.activations.pop_back();
  move_programs(state, undone.to, undone.from, undone.since);
}

}  // namespace quotawatch
