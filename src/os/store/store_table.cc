#include "os/store/store_table.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/json_reader.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

// Times as milliseconds since 1970, whatever the server's settings.
constexpr const char* milliseconds_of = "(extract(epoch from {}) * 1000)::bigint";

std::string row_columns() {
  return "generation, active_account, limited_until::text, " +
         fmt::format(fmt::runtime(milliseconds_of), "switched_at") + ", switched_by";
}

std::string pool_of(const std::string& group) { return group.empty() ? "default" : group; }

std::uint64_t generation_of(const std::string& text) { return std::stoull(text); }

WallTime time_of(const std::string& text) { return WallTime{Milliseconds{std::stoll(text)}}; }

// Of one statement, so that it takes one round trip.
std::string changed(const std::string& change, bool notify) {
  return fmt::format("WITH changed AS ({} RETURNING *) SELECT {}{} FROM changed", change, row_columns(),
                     notify ? fmt::format(", pg_notify('{}', fleet || '/' || pool)", store_channel) : "");
}

}  // namespace

// A pool's row has an empty host; the others are what each host has last said, at `said_at`.
std::vector<Statement> create_table() {
  return {
      {"CREATE TABLE IF NOT EXISTS quotawatch ("
       "fleet text NOT NULL, pool text NOT NULL, host text NOT NULL, "
       "generation bigint NOT NULL, active_account text NOT NULL, limited_until jsonb, "
       "switched_at timestamptz, switched_by text, said_at timestamptz, PRIMARY KEY (fleet, pool, host))",
       {}},
      {fmt::format("INSERT INTO quotawatch VALUES ('', 'version', '', {}, '') "
                   "ON CONFLICT DO NOTHING",
                   store_version),
       {}},
  };
}

Statement read_version() { return {"SELECT generation FROM quotawatch WHERE fleet = '' AND pool = 'version'", {}}; }

std::string table_fault(const std::optional<std::string>& version) {
  if (!version) return "there is no table; `quotawatch store init` makes it";
  if (version->empty()) return "the table quotawatch is another program's; name another database or schema";
  if (*version == std::to_string(store_version)) return "";
  return fmt::format("the table is of version {}, this quotawatch knows {}", *version, store_version);
}

Statement read_row(const std::string& fleet, const std::string& group) {
  return {"SELECT " + row_columns() + " FROM quotawatch WHERE fleet = $1 AND pool = $2 AND host = ''",
          {fleet, pool_of(group)}};
}

Statement write_row(const std::string& fleet, const std::string& group, const PoolRow& expected,
                    const std::string& limits, const PoolRow& row, bool notify) {
  const std::vector<std::string> place{fleet, pool_of(group)};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), place.begin(), place.end());
    return more;
  };
  if (expected.generation == 0) {
    return {
        changed("INSERT INTO quotawatch VALUES ($1, $2, '', $3::bigint, $4, $5::jsonb, now(), $6) "
                "ON CONFLICT DO NOTHING",
                notify),
        with({std::to_string(row.generation), row.active_account, limits_text(row.limited_until), row.switched_by})};
  }
  const std::string where =
      " WHERE fleet = $1 AND pool = $2 AND host = '' AND generation = $3::bigint AND limited_until = $4::jsonb";
  if (row.generation == expected.generation) {
    return {changed("UPDATE quotawatch SET limited_until = $5::jsonb" + where, notify),
            with({std::to_string(expected.generation), limits, limits_text(row.limited_until)})};
  }
  return {changed("UPDATE quotawatch SET limited_until = $5::jsonb, generation = $6::bigint, active_account = $7, "
                  "switched_at = now(), switched_by = $8" +
                      where,
                  notify),
          with({std::to_string(expected.generation), limits, limits_text(row.limited_until),
                std::to_string(row.generation), row.active_account, row.switched_by})};
}

Statement write_word(const std::string& fleet, const std::string& group, const HostWord& word) {
  return {
      "WITH word AS (INSERT INTO quotawatch (fleet, pool, host, generation, active_account, said_at) "
      "VALUES ($1, $2, $3, $4::bigint, $5, now()) "
      "ON CONFLICT (fleet, pool, host) DO UPDATE SET generation = excluded.generation, "
      "active_account = excluded.active_account, said_at = now()) "
      "SELECT generation FROM quotawatch WHERE fleet = $1 AND pool = $2 AND host = ''",
      {fleet, pool_of(group), word.host, std::to_string(word.generation), word.account}};
}

Statement read_words(const std::string& fleet, const std::string& group) {
  return {"SELECT host, generation, active_account, " + fmt::format(fmt::runtime(milliseconds_of), "said_at") +
              " FROM quotawatch WHERE fleet = $1 AND pool = $2 AND host <> '' ORDER BY host",
          {fleet, pool_of(group)}};
}

std::string store_topic(const std::string& fleet, const std::string& group) { return fleet + "/" + pool_of(group); }

std::string limits_text(const std::map<std::string, WallTime>& limits) {
  auto json = nlohmann::json::object();
  for (const auto& [account, until] : limits) json[account] = format_wall_ms(until);
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

PoolRow row_of(const std::vector<std::string>& values) {
  PoolRow row{generation_of(values.at(0)), values.at(1), {}, time_of(values.at(3)), values.at(4)};
  const JsonDocument document(values.at(2), "limited_until of the table quotawatch", 1);
  for (const auto& [account, until] : JsonValue(document).members()) row.limited_until[account] = until.wall_time();
  return row;
}

const std::string& stored_limits(const std::vector<std::string>& values) { return values.at(2); }

HostWord word_of(const std::vector<std::string>& values) {
  return {values.at(0), generation_of(values.at(1)), values.at(2), time_of(values.at(3))};
}

}  // namespace quotawatch::os
