#include "quotawatch/account_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "base/enum_names.h"
#include "base/mutant.h"
#include "base/text.h"
#include "decide/switches.h"

namespace quotawatch {
namespace {

using Outcome = CommandAnswer::Outcome;

constexpr EnumNames<AccountCommand::Kind::use> command_names{"free", "use"};

// Why a command cannot be done; `done` if it can.
CommandAnswer check(const DecisionRules& rules, const State& state, const AccountCommand& command) {
  const auto& known = rules.accounts;
  if (known.empty()) {
    return {Outcome::wrong, "the config names no accounts; list them under \"accounts\" first"};
  }
  if (std::ranges::find(known, command.account) == known.end()) {
    const auto near = nearest(command.account, known);
    return {Outcome::wrong,
            fmt::format("{} is no account of the config{}; its accounts are {}", in_quotes(command.account),
                        near.empty() ? "" : fmt::format(" (did you mean {}?)", in_quotes(near)),
                        escape_controls(fmt::format("{}", fmt::join(known, ", "))))};
  }
  if (command.kind == AccountCommand::Kind::free) {
    if (state.limited_until.contains(command.account)) return {};
    return {Outcome::unchanged, fmt::format("{} is not limited", in_quotes(command.account))};
  }
  if (const auto& request = state.in_flight) {
    return {Outcome::refused,
            fmt::format("a switch from {} to {} is in flight (id {}); try again "
                        "when it has ended",
                        in_quotes(request->from), in_quotes(request->to), escape_controls(request->id))};
  }
  if (command.account != state.active_account) return {};
  return {Outcome::unchanged, fmt::format("{} is the active account", in_quotes(command.account))};
}

Event event_of(const AccountCommand& command, Moment now) {
  Event event = make_event(EventKind::account, now.wall);
  event.account = command.account;
  event.reason = account_command_name(command.kind);
  event.why = "by the operator";
  return event;
}

// Marks every session's last known message as shown at the switch. For a plain screen that was not
// seen since the start, only the message is known.
void record_shown(State& state) {
  for (auto& [session, memory] : state.sessions) {
    memory.shown_at_switch.reset();
    memory.stale_reported = false;
    memory.stopped_at_switch = memory.sighting.has_value();
    if (!memory.sighting) continue;
    memory.sighting->again = false;
    memory.shown_at_switch = memory.sighting->what;
    if (!memory.sighting->what.conversation.block) continue;
    const auto look = state.run.last_looks.find(session);
    const bool seen = look != state.run.last_looks.end() && look->second.shown;
    memory.shown_at_switch->conversation = seen ? look->second.shown->conversation : ConversationTrace::unknown(true);
  }
}

void use(const DecisionRules& rules, State& state, const std::string& account, Moment now) {
  assert(!state.in_flight && account != state.active_account);
  ++state.switches_asked;
  DoneSwitch done{make_switch_id(state, now) + "-by-hand", state.active_account, account, now.wall};
  const auto limited = state.limited_until.find(state.active_account);
  if (limited != state.limited_until.end()) done.reset_at = limited->second;
  note_done(rules, state, std::move(done), now.wall, now);
  state.untaken.reset();
  if (state.shared) state.shared->unpublished = true;
  if (mutant("a manual switch begins no cooldown")) state.run.cooldown_since.reset();
  if (!mutant("old banners are fresh after a manual switch")) record_shown(state);
  state.run.suspicion.reset();
  state.exhaustion_reported = false;
}

// What is on the screens was known to the operator: it does not make the account limited again (A8).
void free(const DecisionRules& rules, State& state, const std::string& account) {
  state.limited_until.erase(account);
  state.use.erase(account);  // more was bought, maybe
  if (state.untaken && state.untaken->from == account) state.untaken.reset();
  const bool others = account != state.active_account;
  for (auto& [session, memory] : state.sessions) {
    if (!memory.sighting) continue;
    Sighting& sighting = *memory.sighting;
    if (others && account_of(rules, state, session) == account) sighting.charged_to = account;
    if (sighting.charged_to == account) sighting.charged = true;
  }
}

}  // namespace

std::string_view account_command_name(AccountCommand::Kind kind) { return command_names.name(kind); }

std::optional<AccountCommand::Kind> find_account_command(std::string_view name) { return command_names.find(name); }

std::vector<std::string> account_command_names() { return command_names.all(); }

CommandedState obey(const DecisionRules& rules, State state, const AccountCommand& command, Moment now) {
  assert(is_consistent(state));
  CommandedState result{std::move(state), std::nullopt, {}};
  result.answer = check(rules, result.state, command);
  if (result.answer.outcome != Outcome::done) return result;
  Event event = event_of(command, now);
  const std::string account = in_quotes(command.account);
  if (command.kind == AccountCommand::Kind::free) {
    if (!mutant("an account that was freed stays limited")) {
      free(rules, result.state, command.account);
    }
    result.answer.words = fmt::format("{} counts as free now", account);
  } else {
    event.from = result.state.active_account;
    use(rules, result.state, command.account, now);
    result.answer.words = fmt::format(
        "{} is the active account now; what the sessions show is about {}, and the cooldown has "
        "begun",
        account, event.from->empty() ? "the account before" : in_quotes(*event.from));
  }
  result.event = std::move(event);
  assert(is_consistent(result.state));
  return result;
}

}  // namespace quotawatch
