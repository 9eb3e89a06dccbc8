#include "quotawatch/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "base/enum_names.h"
#include "base/json_reader.h"
#include "base/text.h"
#include "quotawatch/config_keys.h"
#include "quotawatch/event.h"
#include "quotawatch/input_error.h"
#include "quotawatch/pack.h"
#include "quotawatch/session_patterns.h"
#include "quotawatch/testimony.h"

namespace quotawatch {
namespace {

constexpr std::size_t largest_config = 1 << 20;
constexpr std::size_t longest_resume_text = 1000;
constexpr std::int64_t smallest_journal = 4096;  // below it a file would be too short to be useful

// "95%", or 0.
std::int64_t read_percentage(const JsonValue& value, const ConfigKey& key) {
  if (value.is_zero()) return 0;
  const std::string text = value.is_string() ? value.string() : "";
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && std::string_view(end) == "%";
  if (!whole || number < key.least || number > key.most) {
    value.fail(fmt::format("should be a text from \"{}%\" to \"{}%\", or 0", key.least, key.most));
  }
  return number;
}

std::int64_t read_number(const JsonValue& value, const ConfigKey& key) {
  switch (kind_of(key)) {
    case NumberKind::duration:
      if (key.may_be_zero && value.is_zero()) return 0;
      return value.duration(key.may_be_zero ? Milliseconds{0} : shortest_config_duration).count();
    case NumberKind::percentage:
      return read_percentage(value, key);
    case NumberKind::flag:
      return value.boolean() ? 1 : 0;
    case NumberKind::count:
      break;
  }
  return value.integer(key.least, key.most);
}

// Reads a section of the config: refuses unknown keys and sets its numbers.
JsonObject read_section(const JsonValue& value, std::string_view section, Config& config) {
  auto object = value.object(key_names(section));
  for (const auto& key : config_keys()) {
    if (key.section != section || key.place == nullptr) continue;
    const auto number = object.find(std::string(key.name));
    if (number) set_number(key, read_number(*number, key), config);
  }
  return object;
}

// One of the words of an enumeration.
template <auto last>
auto read_word(const JsonValue& value, const EnumNames<last>& names) {
  const std::string word = value.string();
  const auto found = names.find(word);
  if (!found) {
    value.fail(
        fmt::format("{} should be {}{}", in_quotes(word), fmt::join(names.all(), " or "), suggest(word, names.all())));
  }
  return *found;
}

// A name that a path, session or argument can have: not empty, no control characters.
std::string checked_name(const JsonValue& value, std::string_view what) {
  std::string name = value.string();
  if (name.empty()) value.fail(fmt::format("is empty; {} is needed", what));
  if (has_controls(name)) value.fail("has a control character in it");
  return name;
}

// An object that begins with its name: {"name": "main"}.
JsonObject named(const JsonValue& item, std::string_view section) {
  if (item.is_string()) item.fail(fmt::format("should be {{\"name\": {}}}", in_quotes(item.string())));
  return item.object(key_names(section));
}

std::string read_pack_name(const JsonValue& value, const std::string& origin);

// {"name": "main"}, or with its own pack {"name": "main", "pack": "codex"}.
void read_dedicated(const JsonValue& item, const std::string& origin, Config& config) {
  const auto object = named(item, "pool.dedicated[]");
  const auto name = checked_name(object.require("name"), "the name of a tmux session");
  config.dedicated.push_back(name);
  if (const auto pack = object.find("pack")) {
    config.dedicated_packs[name] = read_pack_name(*pack, origin);
  }
}

void read_pool(const JsonValue& value, const std::string& origin, Config& config) {
  const auto object = value.object(key_names("pool"));
  if (const auto autonomous = object.find("autonomous")) {
    const auto range = read_section(*autonomous, "pool.autonomous", config);
    const std::string usual_prefix = config.pool.prefix;
    if (const auto prefix = range.find("prefix")) config.pool.prefix = prefix->string();
    // as in the original monitor
    if (config.pool.prefix.empty()) config.pool.prefix = usual_prefix;
    if (has_controls(config.pool.prefix)) {
      range.require("prefix").fail("has a control character in it");
    }
    if (const auto pack = range.find("pack")) config.pool.pack = read_pack_name(*pack, origin);
  }
  if (const auto patterns = object.find("sessions")) {
    for (const auto& item : patterns->array()) {
      config.session_patterns.push_back(checked_name(item, "a pattern for the names of tmux sessions"));
    }
  }
  if (const auto dedicated = object.find("dedicated")) {
    for (const auto& item : dedicated->array()) read_dedicated(item, origin, config);
  }
}

// {"name": "spare"}, or one kept in reserve {"name": "spare", "reserve": true}.
void read_account(const JsonValue& item, Config& config) {
  const auto object = named(item, "accounts[]");
  const auto value = object.require("name");
  const auto name = checked_name(value, "the name of an account");
  if (std::count(config.accounts.begin(), config.accounts.end(), name) > 0) {
    value.fail(fmt::format("the account {} stands here twice", in_quotes(name)));
  }
  config.accounts.push_back(name);
  const auto reserve = object.find("reserve");
  if (reserve && reserve->boolean()) config.reserve.push_back(name);
}

constexpr EnumNames<AccountOrder::drain> order_names{"least_recent", "drain"};

void read_accounts(const JsonObject& root, Config& config) {
  if (const auto accounts = root.find("accounts")) {
    for (const auto& item : accounts->array()) read_account(item, config);
  }
  if (const auto order = root.find("order")) config.order = read_word(*order, order_names);
  const auto active = root.find("active_account");
  if (active) config.active_account = active->string();
  if (config.accounts.empty()) return;
  if (config.active_account.empty()) {
    (active ? *active : root.value())
        .fail(fmt::format("active_account is missing: which of {} is in use now?", fmt::join(config.accounts, ", ")));
  }
  const auto& names = config.accounts;
  if (std::find(names.begin(), names.end(), config.active_account) == names.end()) {
    active->fail(fmt::format("{} is not among the accounts{}", in_quotes(config.active_account),
                             suggest(config.active_account, names)));
  }
}

// "~/x" in the home folder, as a shell would have it.
std::string from_home(const std::string& path) {
  const char* const home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe)
  return home == nullptr || !path.starts_with("~/") ? path : home + path.substr(1);
}

// A path relative to the folder of the file that names it.
std::string beside(const std::string& origin, const std::string& path) {
  return (std::filesystem::path(origin).parent_path() / from_home(path)).lexically_normal().string();
}

std::string read_pack_name(const JsonValue& value, const std::string& origin) {
  std::string name = checked_name(value, "a pack");
  if (name == "auto" || builtin_pack_text(name)) return name;
  std::string path = beside(origin, name);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    auto known = builtin_pack_names();
    known.insert(known.begin(), "auto");
    value.fail(fmt::format("{} is no file and no built-in pack{}", in_quotes(path), suggest(name, known)));
  }
  return path;
}

Zone read_timezone(const JsonValue& value) {
  const std::string name = value.string();
  if (auto zone = Zone::find(name)) return std::move(*zone);
  value.fail(fmt::format("{} is no time zone{}", in_quotes(name), Zone::suggest(name)));
}

void read_tmux(const JsonValue& value, Config& config) {
  const auto object = read_section(value, "tmux", config);
  if (const auto socket = object.find("socket_name")) {
    config.tmux_socket_name = checked_name(*socket, "the name of a tmux socket");
    if (config.tmux_socket_name.find('/') != std::string::npos) {
      socket->fail("should be a name as `tmux -L` takes it, not a path");
    }
  }
}

std::vector<std::string> read_command(const JsonObject& object) {
  const auto value = object.find("command");
  if (!value) return {};
  auto command = value->strings();
  if (!command.empty() && command.front().empty()) {
    value->fail("begins with an empty text; the program to run is needed");
  }
  for (const auto& argument : command) {
    if (argument.find('\0') != std::string::npos) value->fail("has a NUL in it");
  }
  if (!command.empty()) command.front() = from_home(command.front());
  return command;
}

constexpr EnumNames<SwitchReach::restarted> reach_names{"running", "restarted"};

void read_switch(const JsonValue& value, Config& config) {
  const auto object = read_section(value, "switch", config);
  config.switch_command = read_command(object);
  if (const auto reaches = object.find("reaches")) config.switch_reaches = read_word(*reaches, reach_names);
}

void read_journal(const JsonValue& value, const std::string& origin, Config& config) {
  const auto object = read_section(value, "journal", config);
  if (const auto path = object.find("path")) {
    config.journal.path = beside(origin, checked_name(*path, "the path of a file"));
  }
  const auto most = config.journal.max_bytes;
  if (most > 0 && most < smallest_journal) {
    object.require("max_bytes")
        .fail(fmt::format("should be 0 (without end) or at least {}, not {}", smallest_journal, most));
  }
}

std::string read_resume_text(const JsonValue& value) {
  std::string text = checked_name(value, "what is typed");
  if (text.size() > longest_resume_text) value.fail(fmt::format("is longer than {} bytes", longest_resume_text));
  return text;
}

// The keys that all sessions share with those that have a way of their own.
void read_resume_way(const JsonObject& object, ResumeWay& way) {
  if (const auto how = object.find("how")) {
    const auto found = find_resume_how(how->string());
    if (!found) {
      how->fail(fmt::format("{} is no way to resume{}", in_quotes(how->string()),
                            suggest(how->string(), resume_how_names())));
    }
    way.how = *found;
  }
  if (const auto text = object.find("text")) way.text = read_resume_text(*text);
  if (object.find("command")) way.command = read_command(object);
  const bool needs_command = way.how == ResumeHow::restart || way.how == ResumeHow::command;
  if (needs_command && way.command.empty()) {
    object.value().fail(fmt::format("\"how\": \"{}\" needs a \"command\"", resume_how_name(way.how)));
  }
}

void read_resume(const JsonValue& value, Config& config) {
  const auto object = read_section(value, "resume", config);
  ResumeRules& resume = config.resume;
  read_resume_way(object, resume.usual);
  const auto sessions = object.find("sessions");
  if (!sessions) return;
  const auto known = session_names(config);
  for (const auto& [name, way] : sessions->members()) {
    const bool found = !found_sessions(with_found(config, {name})).empty();
    if (!found && std::ranges::find(known, name) == known.end()) {
      way.fail(fmt::format("{} is no session of this config{}", in_quotes(name), suggest(name, known)));
    }
    ResumeWay own = resume.usual;
    read_resume_way(way.object({"how", "text", "command"}), own);
    resume.sessions[name] = std::move(own);
  }
}

// A list of words that are known, each once.
std::vector<std::string> read_words(const JsonValue& list, const std::vector<std::string>& known,
                                    std::string_view kind) {
  std::vector<std::string> words;
  for (const auto& item : list.array()) {
    std::string word = item.string();
    if (std::ranges::find(known, word) == known.end()) {
      item.fail(fmt::format("{} is no {}{}", in_quotes(word), kind, suggest(word, known)));
    }
    if (std::ranges::find(words, word) != words.end()) {
      item.fail(fmt::format("the {} {} stands here twice", kind, word));
    }
    words.push_back(std::move(word));
  }
  return words;
}

// All event names, and `auth`, a verdict that can be sent like an event.
std::vector<std::string> event_words() {
  auto words = event_names();
  words.emplace_back("auth");
  return words;
}

void read_events(const JsonValue& value, Config& config) {
  const auto object = read_section(value, "events", config);
  EventRules& events = config.events;
  events.command = read_command(object);
  const auto on = object.find("on");
  if (!on) return;
  events.on = read_words(*on, event_words(), "event");
  if (events.on.empty()) on->fail("is empty; leave it out, or name the events to send");
}

// What a config without groups says at its top, and each group says for itself.
void read_group_keys(const JsonObject& object, const std::string& origin, Config& config) {
  if (const auto pool = object.find("pool")) read_pool(*pool, origin, config);
  read_accounts(object, config);
  if (const auto pack = object.find("pack")) config.pack = read_pack_name(*pack, origin);
  if (const auto hook = object.find("switch")) read_switch(*hook, config);
  if (const auto resume = object.find("resume")) read_resume(*resume, config);
}

std::string read_group_name(const JsonValue& value, const std::vector<Config>& before) {
  constexpr std::string_view characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  constexpr std::size_t longest = 40;
  std::string name = value.string();
  if (name.empty() || name.size() > longest || name.find_first_not_of(characters) != std::string::npos) {
    value.fail(fmt::format("{} should be 1 to {} letters, digits, `_`, `.` and `-`", in_quotes(name), longest));
  }
  if (std::ranges::find(before, name, &Config::group) != before.end()) {
    value.fail(fmt::format("the group {} stands here twice", in_quotes(name)));
  }
  return name;
}

// What the groups have in common stands at the top, whose `pack`, `switch` and `resume` apply where a group
// says nothing.
void read_groups(const JsonObject& root, const std::string& origin, Config& config) {
  const auto groups = root.find("groups");
  if (!groups) return;
  for (const auto* key : {"pool", "accounts", "active_account"}) {
    if (const auto stray = root.find(key)) {
      stray->fail(fmt::format("stands beside \"groups\"; put \"{}\" into the group it belongs to", key));
    }
  }
  const auto items = groups->array();
  if (items.empty()) groups->fail("is empty; leave it out, or name a group");
  for (const auto& item : items) {
    const auto object = item.object(key_names("groups[]"));
    Config group = config;
    group.groups.clear();
    group.group = read_group_name(object.require("name"), config.groups);
    read_group_keys(object, origin, group);
    check_sessions(group, origin, item.line());
    config.groups.push_back(std::move(group));
  }
}

}  // namespace

namespace {

void read_store(const JsonValue& value, Config& config) {
  const auto object = read_section(value, "store", config);
  StoreRules& store = config.store;
  store.postgresql = checked_name(object.require("postgresql"), "a connection string");
  if (const auto fleet = object.find("fleet")) store.fleet = checked_name(*fleet, "the name of a fleet");
  if (const auto host = object.find("host")) store.host = checked_name(*host, "the name of a host");
}

// What hosts agree on is an account.
void check_store(const JsonObject& root, const Config& config) {
  if (config.store.postgresql.empty()) return;
  for (const auto& group : groups_of(config)) {
    if (!group.accounts.empty()) continue;
    root.require("store").fail("needs \"accounts\": they are what the hosts share");
  }
}

}  // namespace

std::string_view account_order_name(AccountOrder order) { return order_names.name(order); }

Config parse_config(std::string_view text, const std::string& origin, std::size_t first_line) {
  const JsonDocument document(text, origin, first_line);
  const JsonValue top(document);
  const auto root = top.object(key_names(""));
  Config config;
  if (const auto quota = root.find("quota")) read_section(*quota, "quota", config);
  if (const auto tmux = root.find("tmux")) read_tmux(*tmux, config);
  if (const auto events = root.find("events")) read_events(*events, config);
  if (const auto state = root.find("state")) {
    if (const auto path = state->object(key_names("state")).find("path")) {
      config.state_path = checked_name(*path, "the path of a file");
    }
  }
  if (const auto store = root.find("store")) read_store(*store, config);
  if (const auto witness = root.find("witness")) {
    const std::vector<std::string> known{std::string(claude_code_witness), std::string(codex_witness)};
    config.witness = read_words(*witness, known, "program with a witness");
  }
  if (const auto zone = root.find("timezone")) config.timezone = read_timezone(*zone);
  if (const auto metrics = root.find("metrics")) {
    if (const auto path = metrics->object(key_names("metrics")).find("path")) {
      config.metrics_path = beside(origin, checked_name(*path, "the path of a file"));
    }
  }
  if (const auto recorder = root.find("recorder")) read_section(*recorder, "recorder", config);
  config.state_path = beside(origin, config.state_path);
  if (const auto journal = root.find("journal")) read_journal(*journal, origin, config);
  read_group_keys(root, origin, config);
  read_groups(root, origin, config);
  const auto sessions = root.find(config.groups.empty() ? "pool" : "groups");
  check_sessions(config, origin, sessions ? sessions->line() : first_line);
  check_store(root, config);
  return config;
}

Config load_config(const std::string& path) {
  const std::string text = read_file(path, largest_config);
  check_text(text, path);
  return parse_config(text, path);
}

}  // namespace quotawatch
