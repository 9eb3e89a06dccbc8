// The seam to what several hosts know together: one row a group, changed by compare and set alone.
//
// Used by Monitor, which asks, and takes the answers when its clock wakes it. Real: PostgresStore
// (src/os/store). Fake: FakePoolStore (sim/). Both fulfil tests/contracts/pool_store_contract.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "quotawatch/time.h"

namespace quotawatch {

struct PoolRow {
  std::uint64_t generation = 0;  // grows with each switch; 0: there is no row yet
  std::string active_account;
  std::map<std::string, WallTime> limited_until;
  WallTime switched_at = {};  // by the server's clock, which sets it
  std::string switched_by;    // the host

  bool operator==(const PoolRow&) const = default;
};

// How a host last said that it stands.
struct HostWord {
  std::string host;
  std::uint64_t generation = 0;
  std::string account;
  WallTime said_at = {};  // by the server's clock, which sets it

  bool operator==(const HostWord&) const = default;
};

// A host says so after each switch, and at least so often.
constexpr Milliseconds between_host_words = std::chrono::minutes{5};

struct StoreAnswer {
  enum class Kind {
    row,      // what is stored
    written,  // what was to be written is stored now
    beaten,   // nothing was written: something else than expected is stored, and this is it
    lost,     // nobody knows whether it was written
  };
  Kind kind = Kind::lost;
  PoolRow row = {};
};

class PoolStore {
 public:
  virtual ~PoolStore() = default;

  // Both return at once; not while busy(). If the store is away, the answer is `lost`. An answer notifies the clock.
  virtual void read(const std::string& group) = 0;
  // Stores `row` if the stored one still has the generation and the limits of `expected`; with generation 0, if there
  // is none. If the generation stays, only the limits are changed.
  virtual void write(const std::string& group, const PoolRow& expected, const PoolRow& row) = 0;

  // From a question until its answer is taken.
  virtual bool busy(const std::string& group) const = 0;
  virtual std::optional<StoreAnswer> take_answer(const std::string& group) = 0;

  // True once when the row should be read: first, after each time that the store was away or an answer was lost, and
  // after another host has changed it. Notifies the clock. Never while the store is away.
  virtual bool take_news(const std::string& group) = 0;

  // Whether it tells of what other hosts change. If not, the row is read at each poll.
  virtual bool tells_of_changes() const = 0;

  // Says how this host stands, for `status --hosts`. Never answered.
  virtual void tell(const std::string& group, const HostWord& word) = 0;

  // Empty while the store can be asked, or is being connected for the first time.
  virtual std::string why_away() const = 0;

  // Forgets questions and answers, for a monitor that stops.
  virtual void abandon() = 0;
};

}  // namespace quotawatch
