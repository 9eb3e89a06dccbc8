#include "sim/world/wordings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdio>

namespace quotawatch::sim {
namespace {

constexpr auto claude = ScreenKind::claude_code;
constexpr auto codex = ScreenKind::codex;
constexpr auto gemini = ScreenKind::gemini;
constexpr auto window = LimitKind::window;
constexpr auto week = LimitKind::week;
constexpr auto open_end = LimitKind::open;
constexpr auto exhausted = Verdict::exhausted;

constexpr auto all = std::to_array<Wording>({
    {claude, Place::result, exhausted, "You've hit your 5-hour limit · resets {clock} ({zone})", window, true},
    {claude, Place::result, exhausted, "You've hit your limit · resets {clock} ({zone})", window, true},
    {claude, Place::result, exhausted, "You've hit your session limit · resets {clock} ({zone}) · progress saved",
     window, true},
    {claude, Place::bullet, exhausted, "You've hit your 5-hour limit · resets {clock} ({zone})", window, true},
    {claude, Place::flush, exhausted, "You've hit your session limit · resets {clock} ({zone})", window, true},
    {claude, Place::result, exhausted, "5-hour limit reached ∙ resets {clock}", window, true},
    {claude, Place::result, exhausted, "Claude usage limit reached. Your limit will reset at {clock} ({zone}).", window,
     true},
    {claude, Place::result, exhausted, "Claude AI usage limit reached|{epoch}", window, true},
    {claude, Place::footer_sign, exhausted, "Usage limit reached · limit resets {clock}", window, true},
    {claude, Place::result, exhausted, "You've hit your weekly limit · resets {date} ({zone})", week, true},
    {claude, Place::result, exhausted,
     "Weekly limit reached · resets {date} ({zone}) · /upgrade to Max or turn on /extra-usage", week, true},
    {claude, Place::result, exhausted, "You've hit your limit", window, false},
    {claude, Place::result, exhausted, "You've hit your weekly limit", week, false},
    {claude, Place::panel, exhausted,
     "What do you want to do? 1. Stop and wait for limit to reset 2. Upgrade your plan", window, false},
    {claude, Place::result, exhausted, "You're out of usage credits", open_end, false},
    {claude, Place::result, exhausted, "Credit balance is too low", open_end, false},
    {claude, Place::result, exhausted, "You've hit your org's monthly spend limit", open_end, false},
    {claude, Place::result, Verdict::throttled,
     "API Error: Request rejected (429) · This request would exceed your account's rate limit. "
     "Please try again later.",
     window, false},
    {claude,
     Place::result,
     Verdict::throttled,
     "API Error: Server is temporarily limiting requests (not your usage limit) · Please try "
     "again.",
     {},
     false,
     false},
    {claude, Place::result, Verdict::throttled, "API Error: Rate limit reached", {}, false, false},
    {claude, Place::result, Verdict::server_error,
     "API Error: 500 Internal server error. This is a server-side issue, usually temporary."},
    {claude, Place::result, Verdict::server_error,
     "API Error: 529 Overloaded. This is a server-side issue, usually temporary."},
    {claude, Place::result, Verdict::server_error,
     "API Error: 500 {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"rate "
     "limit reached, too many requests\"}}"},
    {claude, Place::result, Verdict::auth, "Please run /login · API Error: 401 OAuth token has expired."},
    {claude, Place::result, Verdict::auth, "Invalid API key · Fix external API key"},
    {claude, Place::notice, Verdict::warning, "You've used 92% of your 5-hour limit · resets {clock} ({zone})"},
    {claude, Place::footer, Verdict::warning, "Approaching usage limit · resets at {clock}"},
    {codex, Place::error, exhausted,
     "You’ve hit your usage limit. Upgrade to Pro (https://chatgpt.com/explore/pro), visit "
     "https://chatgpt.com/codex/settings/usage to purchase more credits or try again at {clock12}.",
     window, true},
    {codex, Place::error, exhausted,
     "You’ve hit your usage limit. Upgrade to Pro (https://chatgpt.com/explore/pro), visit "
     "https://chatgpt.com/codex/settings/usage to purchase more credits or try again at {ordinal}.",
     week, true},
    {codex, Place::error, exhausted, "You’ve hit your usage limit. Upgrade to Pro (https://chatgpt.com/explore/pro).",
     window, false},
    {codex, Place::error, exhausted, "You’ve hit your usage limit. Upgrade to Pro (https://chatgpt.com/explore/pro).",
     week, false},
    {codex, Place::error, exhausted, "Quota exceeded. Check your plan and billing details.", open_end, false},
    {codex,
     Place::error,
     Verdict::throttled,
     "exceeded retry limit, last status: 429 Too Many Requests",
     {},
     false,
     false},
    {codex, Place::error, Verdict::server_error, "Selected model is at capacity. Please try a different model."},
    {codex, Place::error, Verdict::server_error, "unexpected status 503 Service Unavailable: upstream"},
    {codex, Place::error, Verdict::auth, "unexpected status 401 Unauthorized: Incorrect API key provided"},
    {codex, Place::panel, Verdict::warning,
     "Approaching rate limits Switch to gpt-6-luna for lower credit usage? 1. Switch 2. Keep it"},
    {codex, Place::note, Verdict::warning,
     "Heads up, you have less than 10% of your 5h limit left. Run /status for a breakdown."},
    {gemini, Place::panel, exhausted,
     "Usage limit reached for all Pro models. Access resets at {clock12}. /stats model for usage "
     "details 1. Keep trying 2. Stop",
     window, true},
    {gemini, Place::panel, exhausted,
     "Usage limit reached for all Pro models. /stats model for usage details 1. Keep trying 2. "
     "Stop",
     window, false},
    {gemini, Place::panel, exhausted,
     "Usage limit reached for all Pro models. /stats model for usage details 1. Keep trying 2. "
     "Stop",
     week, false},
    {gemini,
     Place::error,
     Verdict::throttled,
     "[API Error: {\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\"}}]",
     {},
     false,
     false},
    {gemini, Place::error, Verdict::server_error,
     "[API Error: {\"error\":{\"code\":503,\"message\":\"The model is "
     "overloaded.\",\"status\":\"UNAVAILABLE\"}}]"},
    {gemini, Place::error, Verdict::auth,
     "[API Error: {\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid "
     "API key.\"}}]"},
});

// Of the same shape, in words of our own: no rule knows them.
constexpr auto changed = std::to_array<Wording>({
    {claude, Place::result, exhausted, "Max plan limit reached · resets {clock} ({zone})", window, true},
    {claude, Place::result, exhausted, "You've run out of usage for this session · resets {clock} ({zone})", window,
     true},
    {claude, Place::bullet, exhausted, "Session quota reached | back at {clock} ({zone})", window, true},
    {claude, Place::result, exhausted, "Your weekly allowance is used up. It renews {date} ({zone}).", week, true},
    {claude, Place::result, exhausted, "Included usage spent · /usage-credits to keep going", window, false},
    {claude, Place::result, exhausted, "No usage left this week · upgrade to Max for more", week, false},
    {claude, Place::result, exhausted, "Your team's budget is spent · ask your admin to raise it", open_end, false},
    {codex, Place::error, exhausted, "You are out of Codex usage until {clock12}.", window, true},
    {codex, Place::error, exhausted, "Weekly quota exhausted, back on {ordinal}", week, true},
    {codex, Place::error, exhausted, "Plan usage exhausted. Upgrade your plan to continue.", window, false},
    {codex, Place::error, exhausted, "Weekly usage is used up. Upgrade your plan to continue.", week, false},
    {codex, Place::error, exhausted, "Workspace budget spent. Ask your workspace owner for more.", open_end, false},
    {gemini, Place::error, exhausted, "Usage allowance used up - resets at {clock12}", window, true},
    {gemini, Place::error, exhausted, "Usage allowance used up - upgrade for more", window, false},
    {gemini, Place::error, exhausted, "Weekly allowance used up - upgrade for more", week, false},
});

// The parts of "Mon 23 Nov 2026 20:00 CET".
struct LocalTime {
  int day = 0;
  int month = 0;
  int year = 0;
  int hour = 0;
  int minute = 0;
};

constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";

LocalTime local_time(WallTime time, const Zone& zone) {
  const LocalDay day = zone.day_of(time);
  LocalTime local{static_cast<int>(day.day), static_cast<int>(day.month), day.year, 0, 0};
  const std::string text = zone.format_local(time);
  const auto colon = text.find(':');
  local.hour = std::stoi(text.substr(colon - 2, 2));
  local.minute = std::stoi(text.substr(colon + 1, 2));
  return local;
}

// "8pm", "8:30pm"
std::string clock_words(const LocalTime& local) {
  const int hour = local.hour % 12 == 0 ? 12 : local.hour % 12;
  const auto past_the_hour = local.minute == 0 ? "" : fmt::format(":{:02}", local.minute);
  return fmt::format("{}{}{}", hour, past_the_hour, local.hour < 12 ? "am" : "pm");
}

// "11:42 PM"
std::string clock12_words(const LocalTime& local) {
  const int hour = local.hour % 12 == 0 ? 12 : local.hour % 12;
  return fmt::format("{}:{:02} {}", hour, local.minute, local.hour < 12 ? "AM" : "PM");
}

std::string_view month_words(const LocalTime& local) {
  return months.substr(static_cast<std::size_t>(local.month - 1) * 3, 3);
}

std::string_view ordinal_ending(int day) {
  if (day / 10 == 1) return "th";
  if (day % 10 == 1) return "st";
  if (day % 10 == 2) return "nd";
  return day % 10 == 3 ? "rd" : "th";
}

std::string fill(std::string_view name, const LocalTime& local, WallTime time, const Zone& zone) {
  if (name == "clock") return clock_words(local);
  if (name == "clock12") return clock12_words(local);
  if (name == "date") {
    return fmt::format("{} {}, {}", month_words(local), local.day, clock_words(local));
  }
  if (name == "ordinal") {
    return fmt::format("{} {}{}, {} {}", month_words(local), local.day, ordinal_ending(local.day), local.year,
                       clock12_words(local));
  }
  if (name == "zone") return zone.name();
  if (name == "epoch") {
    return fmt::format("{}", std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
  }
  return fmt::format("{{{}}}", name);  // the text's own braces
}

}  // namespace

std::vector<const Wording*> banners(ScreenKind program, LimitKind limit, bool names_reset, Words words) {
  std::vector<const Wording*> found;
  const auto collect_of = [&](const auto& wordings, LimitKind kind, bool named) {
    for (const auto& wording : wordings) {
      if (wording.program == program && wording.limit == kind && wording.names_reset == named) {
        found.push_back(&wording);
      }
    }
  };
  const auto collect = [&](LimitKind kind, bool named) {
    if (words == Words::changed) {
      collect_of(changed, kind, named);
    } else {
      collect_of(all, kind, named);
    }
  };
  collect(limit, names_reset);
  if (found.empty()) collect(limit, !names_reset);
  if (found.empty()) collect(LimitKind::week, false);
  return found;
}

std::vector<const Wording*> notices(ScreenKind program, Verdict says) {
  std::vector<const Wording*> found;
  for (const auto& wording : all) {
    if (wording.program == program && wording.says == says && !wording.limit) {
      found.push_back(&wording);
    }
  }
  return found;
}

std::string word(const Wording& wording, WallTime resets_at, const Zone& zone) {
  std::string text;
  std::string_view rest = wording.text;
  std::optional<LocalTime> local;
  while (!rest.empty()) {
    const auto open = std::min(rest.find('{'), rest.size());
    text += rest.substr(0, open);
    rest.remove_prefix(open);
    const auto close = rest.find_first_of("{}", 1);
    if (rest.empty() || close == std::string_view::npos || rest[close] != '}') {
      if (!rest.empty()) {
        text += rest.front();
        rest.remove_prefix(1);
      }
      continue;
    }
    if (!local) local = local_time(resets_at, zone);
    text += fill(rest.substr(1, close - 1), *local, resets_at, zone);
    rest.remove_prefix(close + 1);
  }
  return text;
}

std::string word_use(const Wording& warning, const WindowUse& use, const Zone& zone) {
  std::string text = word(warning, use.reset_at.value(), zone);
  for (const auto& [number, percent] : {std::pair("92%", use.percent), std::pair("10%", 100 - use.percent)}) {
    const auto place = text.find(number);
    if (place != std::string::npos) text.replace(place, 3, fmt::format("{}%", percent));
  }
  return text;
}

std::string word_to_reset(const Wording& wording, WallTime resets_at, const Zone& zone) {
  Wording cut = wording;
  if (wording.names_reset) cut.text = cut.text.substr(0, cut.text.find('}') + 1);
  return word(cut, resets_at, zone);
}

WallTime round_for_banner(WallTime time, const Zone& zone) {
  const LocalTime local = local_time(time, zone);
  const auto clock = std::chrono::hours{local.hour} + std::chrono::minutes{local.minute / 30 * 30};
  return zone.instant(zone.day_of(time), 0, clock);
}

}  // namespace quotawatch::sim
