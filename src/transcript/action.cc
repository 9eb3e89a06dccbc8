#include "transcript/action.h"

#include <fmt/format.h>

#include "quotawatch/duration.h"
#include "transcript/transcript_lines.h"

namespace quotawatch {
namespace {

// " used=95%/5h/2026-11-23T23:00:00Z,40%/168h"
std::string use_text(const std::vector<WindowUse>& use) {
  std::string text;
  for (const auto& one : use) {
    text += fmt::format("{}{}%/{}{}", text.empty() ? " used=" : ",", one.percent, format_duration(one.window),
                        one.reset_at ? "/" + format_wall(*one.reset_at) : "");
  }
  return text;
}

struct FormatAction {
  std::string operator()(const ShowScreen& screen) const {
    std::string text = fmt::format("screen {} {}x{}", quote_word(screen.session), screen.columns, screen.rows);
    for (const auto& line : screen.lines) text += "\n|" + line;
    return text;
  }
  std::string operator()(const RemoveSession& gone) const { return "gone " + quote_word(gone.session); }
  std::string operator()(const FailCaptures& fail) const {
    return fmt::format("fail {} {}", quote_word(fail.session), fail.why);
  }
  std::string operator()(const LinkSession& link) const {
    return fmt::format("linked {} {}", quote_word(link.session), quote_word(link.other));
  }
  std::string operator()(const EndProgram& end) const { return "ended " + quote_word(end.session); }
  std::string operator()(const StartProgram& start) const { return "started " + quote_word(start.session); }
  std::string operator()(const SetServer& server) const {
    const bool slow = server.mode == TmuxFault::Mode::slow;
    return fmt::format("tmux {}{}", tmux_mode_names.name(server.mode), slow ? " " + format_offset(server.delay) : "");
  }
  std::string operator()(const SetSwitcher& set) const {
    using Kind = SwitcherOutcome::Kind;
    const std::string switcher = set.group.empty() ? "switcher" : "switcher of " + set.group;
    if (set.outcome.kind == Kind::fail) {
      const bool plain = set.outcome.delay == Milliseconds{0} && !set.outcome.why.starts_with("after");
      const auto delay = plain ? "" : fmt::format("after {} ", format_offset(set.outcome.delay));
      return fmt::format("{} fail {}{}", switcher, delay, set.outcome.why);
    }
    if (set.outcome.kind == Kind::hang) return switcher + " hang";
    return switcher + " ok " + format_offset(set.outcome.delay);
  }
  std::string operator()(const StepClock& step) const {
    const bool back = step.by < Milliseconds{0};
    return fmt::format("clock {}{}", back ? '-' : '+', format_duration(back ? -step.by : step.by));
  }
  std::string operator()(const Restart& restart) const {
    if (restart.down_for == Milliseconds{0}) return "restart";
    return "restart after " + format_duration(restart.down_for);
  }
  std::string operator()(const Crash& crash) const {
    return fmt::format("crash {} {}{}", crash.point.after ? "after" : "before", fail_step_names.name(crash.point.step),
                       crash.point.passed_over > 0 ? fmt::format(" {}", crash.point.passed_over + 1) : "");
  }
  std::string operator()(const Stall& stall) const { return "stall " + format_duration(stall.duration); }
  std::string operator()(const DamageState& state) const {
    return fmt::format("state {}", state_damage_names.name(state.damage));
  }
  std::string operator()(const SetDisk& disk) const { return disk.full ? "disk full" : "disk ok"; }
  std::string operator()(const AccountCommand& command) const {
    const std::string of = command.group.empty() ? "" : " of " + command.group;
    return fmt::format("account {} {}{}", account_command_name(command.kind), quote_word(command.account), of);
  }
  std::string operator()(const PauseCommand& command) const {
    if (!command.length) return "pause";
    return "pause " + (*command.length == Milliseconds{0} ? "0" : format_duration(*command.length));
  }
  std::string operator()(const SetWitness& set) const {
    return fmt::format("witness {} {}{}{}", quote_word(set.session), set.says ? testimony_name(*set.says) : "none",
                       set.reset_at ? " resets_at=" + format_wall(*set.reset_at) : "", use_text(set.use));
  }
  std::string operator()(const UseClient& use) const { return "used " + quote_word(use.session); }
  std::string operator()(const SetMode& mode) const {
    return fmt::format("mode {} {}", quote_word(mode.session), mode.on ? "copy" : "off");
  }
  std::string operator()(const SetTruth& set) const {
    const Truth& truth = set.truth;
    std::string text = fmt::format("truth {} {}", quote_word(set.session), verdict_name(truth.says));
    if (!truth.counts) text += " counts=false";
    if (truth.blocked) text += " blocked=true";
    if (truth.hidden) text += " hidden=true";
    if (truth.answered) text += " answered=true";
    if (truth.asked) text += " asked=true";
    if (!truth.conversation.empty()) text += " conversation=" + quote_word(truth.conversation);
    if (!truth.message.empty()) text += " message=" + quote_word(truth.message);
    if (truth.resets_at) text += " resets_at=" + format_wall(*truth.resets_at);
    return text;
  }
};

}  // namespace

std::optional<std::string> session_of(const Action& action) {
  return std::visit(
      [](const auto& what) -> std::optional<std::string> {
        if constexpr (requires { what.session; }) {
          return what.session;
        } else {
          return std::nullopt;
        }
      },
      action);
}

std::string format_action(const Action& action) { return std::visit(FormatAction{}, action); }

}  // namespace quotawatch
