// The table in which hosts share what they know, and the statements about it.
//
// One row a fleet and group that all hosts change, and one a host that only this one does. For src/os/store only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quotawatch/pool_store.h"

namespace quotawatch::os {

struct Statement {
  std::string text;
  std::vector<std::string> parameters;
};

constexpr int store_version = 1;

// What the server says where there is no table.
constexpr const char* no_such_table = "42P01";

// In a transaction. Does nothing where the table is there.
std::vector<Statement> create_table();
Statement read_version();

// Why the table of this version cannot be used; empty if it can. Without a version there is no table; an empty one is
// that of another program's table.
std::string table_fault(const std::optional<std::string>& version);

Statement read_row(const std::string& fleet, const std::string& group);

// `limits`: what `expected` has as it is stored, word by word. `notify`: other connections are told.
Statement write_row(const std::string& fleet, const std::string& group, const PoolRow& expected,
                    const std::string& limits, const PoolRow& row, bool notify);

// Returns the generation of the row.
Statement write_word(const std::string& fleet, const std::string& group, const HostWord& word);
Statement read_words(const std::string& fleet, const std::string& group);

// The channel on which changes are told, and what is said there.
inline constexpr const char* store_channel = "quotawatch";
std::string store_topic(const std::string& fleet, const std::string& group);

std::string limits_text(const std::map<std::string, WallTime>& limits);

// Of what the statements return. Throw InputError.
PoolRow row_of(const std::vector<std::string>& values);
HostWord word_of(const std::vector<std::string>& values);
const std::string& stored_limits(const std::vector<std::string>& values);

}  // namespace quotawatch::os
