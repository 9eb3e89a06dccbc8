#include "quotawatch/config_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <concepts>

#include "quotawatch/duration.h"

namespace quotawatch {
namespace {

constexpr std::int64_t most_sessions = 10'000;

constexpr ConfigKey number(std::string_view section, std::string_view name, std::string_view what,
                           ConfigPlace (*place)(Config&), std::int64_t least = 0, std::int64_t most = 0) {
  return {section, name, what, place, least, most, false, {}, {}};
}

constexpr ConfigKey duration_or_never(std::string_view section, std::string_view name, std::string_view what,
                                      ConfigPlace (*place)(Config&)) {
  return {section, name, what, place, 0, 0, true, {}, {}};
}

constexpr ConfigKey percentage_or_never(std::string_view section, std::string_view name, std::string_view what,
                                        ConfigPlace (*place)(Config&)) {
  return {section, name, what, place, 1, 100, true, {}, {}};
}

constexpr ConfigKey other(std::string_view section, std::string_view name, std::string_view what, std::string_view type,
                          std::string_view usual = {}) {
  return {section, name, what, nullptr, 0, 0, false, type, usual};
}

template <auto member>
ConfigPlace at(Config& config) {
  return &(config.*member);
}

template <auto section, auto member>
ConfigPlace at(Config& config) {
  return &(config.*section.*member);
}

constexpr auto all_keys = std::to_array<ConfigKey>({
    other("", "quota", "The numbers of the decision rules.", "object"),
    other("", "pool", "The sessions to watch.", "object"),
    other("", "accounts",
          "The accounts, in order of preference. Without accounts the hook decides where to switch "
          "to.",
          "list of objects", "[]"),
    other("", "active_account",
          "The account in use at the first start; later the saved state knows. Required where "
          "there are accounts.",
          "name of an account"),
    other("", "order",
          "Which of the free accounts a switch goes to: `least_recent`, the one never or longest ago in use; `drain`, "
          "the first in their order, so that each is used up before the next.",
          "`least_recent` or `drain`", "\"least_recent\""),
    other("", "pack",
          "The rules that judge screens: `auto` (by the program that drew the screen), a built-in "
          "pack, or a file.",
          "pack", "\"auto\""),
    other("", "groups",
          "Groups that decide independently, for the accounts of several programs: see "
          "[Groups](guide.md#groups). Beside them, `pool`, `accounts` and `active_account` stand in the groups only.",
          "list of objects"),
    other("", "tmux", "How tmux is asked.", "object"),
    other("", "switch", "The program that switches accounts.", "object"),
    other("", "events", "A program that receives events.", "object"),
    other("", "resume", "How stopped sessions are asked to go on.", "object"),
    other("", "witness",
          "Programs whose own records are read, besides their screens: `claude-code`, `codex`. See "
          "[Witnesses](guide.md#witnesses).",
          "list of programs", "[]"),
    other("", "state", "What survives a restart.", "object"),
    other("", "store", "A database in which hosts that share accounts agree: see [Several hosts](hosts.md).", "object"),
    other("", "journal", "The log of decisions.", "object"),
    other("", "recorder", "What a run keeps in memory for `record --from-run`.", "object"),
    other("", "metrics", "A file for Prometheus.", "object"),
    other("", "timezone",
          "The zone of reset times that name none, as tzdata names it: `\"Europe/Paris\"`. Without "
          "it: `TZ`, else `/etc/localtime`.",
          "name of a time zone"),
    number("quota", "poll_interval", "Time between two polls.", at<&Config::quota, &QuotaRules::poll_interval>),
    number("quota", "reactivate_cooldown", "How long nothing is decided after a switch.",
           at<&Config::quota, &QuotaRules::cooldown>),
    number("quota", "pool_threshold", "How many sessions of the pool must show a limit.",
           at<&Config::quota, &QuotaRules::pool_threshold>, 1, most_sessions),
    number("quota", "interactive_threshold", "How many dedicated sessions must show a limit.",
           at<&Config::quota, &QuotaRules::interactive_threshold>, 1, most_sessions),
    number("quota", "count_throttled", "Whether rejected requests that name no reset time count.",
           at<&Config::quota, &QuotaRules::count_throttled>),
    number("quota", "count_model_limits", "Whether a limit on one model (Opus, Sonnet) counts.",
           at<&Config::quota, &QuotaRules::count_model_limits>),
    number("quota", "count_unknown_wording",
           "Whether a banner in words that no rule knows counts if it has the shape of one. It always has to be seen "
           "twice.",
           at<&Config::quota, &QuotaRules::count_unknown_wording>),
    number("quota", "unknown_reset", "How long an account counts as limited if no reset time is named.",
           at<&Config::quota, &QuotaRules::unknown_reset>),
    duration_or_never("quota", "lone_after",
                      "How long a single session of the pool must show a limit with a reset time, while no other one "
                      "goes on, to count as the whole pool. `0`: never.",
                      at<&Config::quota, &QuotaRules::lone_after>),
    percentage_or_never("quota", "switch_at",
                        "How much of a limit of the account in use may be used up before a switch is asked for, to an "
                        "account that is known to be lower: `\"95%\"`. `0`: the limit itself is waited for. See "
                        "[Before the wall](guide.md#before-the-wall).",
                        at<&Config::quota, &QuotaRules::switch_at>),
    other("pool", "autonomous", "The numbered sessions.", "object"),
    other(
        "pool", "sessions",
        "Sessions of the pool by pattern, such as `\"work-*\"`: `*` stands for any characters, `?` for one. Which ones "
        "there are is seen at each poll.",
        "list of texts", "[]"),
    other("pool", "dedicated", "Sessions named one by one.", "list of objects", "[]"),
    other("pool.autonomous", "prefix", "What the names begin with.", "text", "\"ccl-auto-\""),
    number("pool.autonomous", "start_index", "The first number.", at<&Config::pool, &PoolRange::start_index>, 0,
           1'000'000'000),
    number("pool.autonomous", "max", "How many sessions.", at<&Config::pool, &PoolRange::max>, 0, most_sessions),
    other("pool.autonomous", "pack", "The pack for these sessions, if not the config's.", "pack"),
    other("pool.dedicated[]", "name", "The name of the tmux session. Required.", "text"),
    other("pool.dedicated[]", "pack", "The pack for this session, if not the config's.", "pack"),
    other("accounts[]", "name", "What the hook calls the account. Required.", "text"),
    other("accounts[]", "reserve", "Whether a switch goes to it only if no other account is free.", "`true` or `false`",
          "false"),
    other("groups[]", "name",
          "What the journal and the hook call the group. Required. `default` goes on with the state "
          "of a config without groups.",
          "text"),
    other("groups[]", "pool", "As without groups.", "object"),
    other("groups[]", "accounts", "As without groups.", "list of objects"),
    other("groups[]", "active_account", "As without groups.", "name of an account"),
    other("groups[]", "order", "As without groups; else the config's.", "`least_recent` or `drain`"),
    other("groups[]", "pack", "As without groups; else the config's.", "pack"),
    other("groups[]", "switch", "As without groups; what it leaves out is the config's.", "object"),
    other("groups[]", "resume", "As without groups; what it leaves out is the config's.", "object"),
    other("tmux", "socket_name",
          "The server's socket, as in `tmux -L`. Without it: the server of `$TMUX`, else `default`.", "text"),
    number("tmux", "timeout", "How long tmux may take to answer.", at<&Config::tmux_timeout>),
    number("tmux", "keep_connection",
           "Whether one connection is kept instead of one `tmux` process a poll. Without it: from "
           "tmux 3.7 on.",
           at<&Config::tmux_keep_connection>),
    other("switch", "command",
          "The hook and its arguments, run without a shell. Without one the journal says what "
          "would be done.",
          "list of texts", "[]"),
    number("switch", "timeout", "How long the hook may take.", at<&Config::switch_timeout>),
    other("switch", "reaches",
          "Whom a switch reaches: `running` programs, from their next request on (a swapped credential, a gateway), or "
          "only those that are `restarted` after it (a config folder, an environment variable).",
          "`running` or `restarted`", "\"running\""),
    other("metrics", "path",
          "Written at each poll, as a whole, for the textfile collector of node_exporter; its name should end in "
          "`.prom`. Everybody may read it. Without it none is written.",
          "path"),
    other("events", "command", "The program and its arguments, run without a shell, once an event.", "list of texts",
          "[]"),
    other("events", "on",
          "Which events: names of journal events, and `auth` for a login or policy notice. Without it: "
          "`exhausted_everywhere`, `switch_failed`, `switch_ineffective`, `resume_failed`, `stale`, `stopped`, "
          "`no_agent`, "
          "`unrecognised`, `auth`, `reset`, `tmux_down`, `store_down`, `store_up`.",
          "list of texts"),
    number("events", "timeout", "How long the program may take for one event.",
           at<&Config::events, &EventRules::timeout>),
    number("events", "redact",
           "Whether secrets and names in the lines that are passed on are replaced as `record` does.",
           at<&Config::events, &EventRules::redact>),
    other("resume", "how",
          "`off`; `type`: `text` and Enter; `restart`: the program in the pane is ended, `command` takes its "
          "place in the same folder, and `text` is typed at its prompt; `command`: `command` is run, with "
          "`QUOTAWATCH_SESSION`, `QUOTAWATCH_PANE`, "
          "`QUOTAWATCH_ACCOUNT` and `QUOTAWATCH_REASON`.",
          "text", "\"off\""),
    other("resume", "text", "What is typed. After a restart it is not, if it is an argument of `command`.", "text",
          "\"continue\""),
    other("resume", "command",
          "The program and its arguments, run without a shell. `{session_id}` stands for the id of the conversation, "
          "where the program in the pane says it (Claude Code, Codex).",
          "list of texts", "[]"),
    other("resume", "sessions",
          "Sessions with a way of their own: by name, an object with `how`, `text` and `command`. What it leaves "
          "out is as for all.",
          "object"),
    number("resume", "settle", "How long nothing may move on a screen before something is typed there.",
           at<&Config::resume, &ResumeRules::settle>),
    number("resume", "quiet", "How long an attached client must not have been used.",
           at<&Config::resume, &ResumeRules::quiet>),
    number("resume", "patience", "How long a session may take to go on before it is asked again.",
           at<&Config::resume, &ResumeRules::patience>),
    number("resume", "spacing", "The time between two sessions.", at<&Config::resume, &ResumeRules::spacing>),
    number("resume", "move_conversations",
           "Whether a dialog that asks whose account a conversation shall belong to is answered.",
           at<&Config::resume, &ResumeRules::move_conversations>),
    other("state", "path", "The file. Its lock, socket and previous generation lie beside it.", "path",
          "\"state.json\""),
    other("store", "postgresql",
          "How PostgreSQL is reached, as libpq takes it: `\"host=db.example dbname=quotawatch\"`, or a URI. Better "
          "without a password, which belongs into `~/.pgpass`. Required.",
          "connection string"),
    other("store", "fleet", "Hosts of one fleet share their accounts; others may use the same table.", "text",
          "\"default\""),
    other("store", "host", "What the others call this host. Without it: its host name. No two of a fleet may be alike.",
          "text"),
    number(
        "store", "alone",
        "Whether this host switches by itself while the database is away. The fleet comes together again afterwards.",
        at<&Config::store, &StoreRules::alone>),
    number("store", "timeout", "How long the database may take to answer.", at<&Config::store, &StoreRules::timeout>),
    other("journal", "path",
          "The file; without one, stdout. `--journal` goes before it, and `--dry-run` leaves it "
          "alone. A change needs a restart.",
          "path"),
    number("journal", "max_bytes",
           "How large the file may grow before a new one begins. 0: no limit; else at least 4096.",
           at<&Config::journal, &JournalRules::max_bytes>, 0, std::int64_t{1} << 40U),
    number("journal", "keep", "How many full files are kept beside it.", at<&Config::journal, &JournalRules::keep>, 1,
           1000),
    number("recorder", "keep", "How far back the recording goes.", at<&Config::recorder_keep>),
    number("recorder", "max_bytes", "How much memory it may take. 0: nothing is recorded.",
           at<&Config::recorder_max_bytes>, 0, 1 << 30),
});

void assign(Milliseconds& place, std::int64_t number) { place = Milliseconds{number}; }
void assign(Percent& place, std::int64_t number) { place.value = static_cast<int>(number); }
void assign(bool& place, std::int64_t number) { place = number != 0; }
void assign(std::optional<bool>& place, std::int64_t number) { place = number != 0; }
void assign(std::integral auto& place, std::int64_t number) {
  place = static_cast<std::remove_reference_t<decltype(place)>>(number);
}

using Number = std::optional<std::int64_t>;

Number number_of(Milliseconds value) { return value.count(); }
Number number_of(Percent value) { return value.value; }
Number number_of(std::optional<bool> value) { return value ? Number(*value ? 1 : 0) : Number(); }
Number number_of(std::integral auto value) { return static_cast<std::int64_t>(value); }

}  // namespace

std::span<const ConfigKey> config_keys() { return all_keys; }

std::vector<std::string> key_names(std::string_view section) {
  std::vector<std::string> names;
  for (const auto& key : all_keys) {
    if (key.section == section) names.emplace_back(key.name);
  }
  assert(!names.empty());
  return names;
}

const ConfigKey& number_key(std::string_view section, std::string_view name) {
  const auto* const found = std::ranges::find_if(
      all_keys, [&](const auto& key) { return key.section == section && key.name == name && key.place != nullptr; });
  assert(found != all_keys.end());
  return *found;
}

NumberKind kind_of(const ConfigKey& key) {
  assert(key.place != nullptr);
  Config config;
  const ConfigPlace place = key.place(config);
  if (std::holds_alternative<Milliseconds*>(place)) return NumberKind::duration;
  if (std::holds_alternative<Percent*>(place)) return NumberKind::percentage;
  const bool flag = std::holds_alternative<bool*>(place) || std::holds_alternative<std::optional<bool>*>(place);
  return flag ? NumberKind::flag : NumberKind::count;
}

std::optional<std::int64_t> get_number(const ConfigKey& key, Config config) {
  assert(key.place != nullptr);
  return std::visit([](const auto* place) { return number_of(*place); }, key.place(config));
}

void set_number(const ConfigKey& key, std::int64_t number, Config& config) {
  assert(key.place != nullptr);
  std::visit([&](auto* place) { assign(*place, number); }, key.place(config));
}

std::string number_text(const ConfigKey& key, const Config& config) {
  const auto number = get_number(key, config);
  if (!number) return "";
  switch (kind_of(key)) {
    case NumberKind::duration:
      return fmt::format("\"{}\"", format_duration(Milliseconds{*number}));
    case NumberKind::percentage:
      return *number == 0 ? "0" : fmt::format("\"{}%\"", *number);
    case NumberKind::flag:
      return *number != 0 ? "true" : "false";
    case NumberKind::count:
      break;
  }
  return std::to_string(*number);
}

std::string changed_numbers(std::string_view section, const Config& config) {
  std::string members;
  for (const auto& key : all_keys) {
    if (key.section != section || key.place == nullptr) continue;
    if (get_number(key, config) == get_number(key, {})) continue;
    members += fmt::format("{}\"{}\":{}", members.empty() ? "" : ",", key.name, number_text(key, config));
  }
  return "{" + members + "}";
}

}  // namespace quotawatch
