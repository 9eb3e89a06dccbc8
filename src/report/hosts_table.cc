#include "report/hosts_table.h"

#include <fmt/format.h>

#include "base/json_document.h"
#include "base/text.h"
#include "report/columns.h"
#include "report/status_times.h"

namespace quotawatch {
namespace {

std::string line_of(const HostWord& word, const HostsReport::Group& group, const StatusTimes& times) {
  constexpr std::size_t name_columns = 20;
  constexpr std::size_t account_columns = 16;
  std::string notes;
  if (word.generation < group.row->generation) notes += "  behind";
  if (is_away(word, times.now())) notes += "  away";
  return fmt::format("  {} {:>10}  {} {}{}\n", fit_to_columns(escape_controls(word.host), name_columns),
                     word.generation, fit_to_columns(escape_controls(word.account), account_columns),
                     times.ago(word.said_at) + " ago", notes);
}

std::string group_table(const HostsReport::Group& group, const Zone& zone, WallTime now) {
  std::string text = group.name.empty() ? "" : fmt::format("{}:\n", escape_controls(group.name));
  if (!group.row) return text + "no host has come so far\n";
  const PoolRow& row = *group.row;
  const StatusTimes times(now, zone);
  text += fmt::format("generation {}, account {}, by {}, {} ({})\n", row.generation, in_quotes(row.active_account),
                      escape_controls(row.switched_by), zone.format_local(row.switched_at),
                      times.ago(row.switched_at) + " ago");
  for (const auto& [account, until] : row.limited_until) {
    if (until > now) text += fmt::format("{} is limited until {}\n", in_quotes(account), zone.format_local(until));
  }
  text += fmt::format("  {:<20} {:>10}  {:<16} {}\n", "host", "generation", "account", "last word");
  for (const auto& word : group.hosts) text += line_of(word, group, times);
  return text;
}

}  // namespace

bool is_away(const HostWord& word, WallTime now) { return now - word.said_at > 2 * between_host_words; }

std::string hosts_table(const HostsReport& report, const Zone& zone, WallTime now) {
  std::string text = fmt::format("fleet {} in {}\n", in_quotes(report.fleet), escape_controls(report.store));
  for (const auto& group : report.groups) text += group_table(group, zone, now);
  return text;
}

std::string hosts_json(const HostsReport& report, WallTime now) {
  using Json = nlohmann::ordered_json;
  Json json{{"fleet", report.fleet}, {"store", report.store}, {"groups", Json::array()}};
  for (const auto& group : report.groups) {
    Json one{{"name", group.name}, {"generation", 0}};
    if (const auto& row = group.row) {
      one["generation"] = row->generation;
      one["active_account"] = row->active_account;
      one["limited_until"] = Json::object();
      for (const auto& [account, until] : row->limited_until) one["limited_until"][account] = format_wall(until);
      one["switched_at"] = format_wall_ms(row->switched_at);
      one["switched_by"] = row->switched_by;
    }
    one["hosts"] = Json::array();
    for (const auto& word : group.hosts) {
      one["hosts"].push_back({{"host", word.host},
                              {"generation", word.generation},
                              {"account", word.account},
                              {"said_at", format_wall_ms(word.said_at)},
                              {"away", is_away(word, now)}});
    }
    json["groups"].push_back(std::move(one));
  }
  return dump_line(json);
}

}  // namespace quotawatch
