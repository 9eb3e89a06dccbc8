// The seam that carries out switches, one at a time, and reports how they ended.
//
// Used by Monitor. Real: HookSwitcher (src/os), a user's program. Fake: FakeSwitcher (sim/), whose
// outcome is set by the transcript. Both fulfil tests/contracts/switcher_contract.h.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "quotawatch/time.h"

namespace quotawatch {

class JsonValue;

// A request for one account switch. It is saved in the state before a switcher gets it.
struct SwitchRequest {
  std::string id;    // kept across restarts: hooks use it to be idempotent
  std::string from;  // the account in use; may be empty
  std::string to;    // the target account; empty: the hook chooses
  std::string session;
  std::string reset_text;            // as worded on the screen; may be empty
  std::optional<WallTime> reset_at;  // when `from` can be used again, if known
  WallTime asked_at;
  std::string group = {};  // empty where the config has no groups
  // Of hosts that share accounts: see shared.h. 0: it is made without a store.
  std::uint64_t generation = 0;
  bool proposed = false;  // the store has not said yet whether it is made

  bool operator==(const SwitchRequest&) const = default;
};

// The JSON that hooks get; an unknown `reset_at` is null. The state and status omit it.
nlohmann::ordered_json to_json(const SwitchRequest& request);

// `brief`: empty texts may be missing, as in a status. Throws InputError.
SwitchRequest read_switch_request(const JsonValue& value, bool brief = false);

// How a request ended. `why` is empty if it succeeded.
struct SwitchReport {
  std::string id;
  bool done = false;
  std::string why;
};

class Switcher {
 public:
  virtual ~Switcher() = default;

  // Starts to carry out `request` and returns at once. Must not be called before the previous
  // report was taken. A request that cannot be started is reported as failed like any other.
  virtual void start(const SwitchRequest& request) = 0;

  // The report of the request that ended, once; empty while it runs. A request that is not done
  // after the timeout is ended by force and reported as failed.
  virtual std::optional<SwitchReport> take_report() = 0;

  // True from start() until take_report() has returned the report.
  virtual bool busy() const = 0;

  // Ends the running request without a report, for a monitor that stops.
  virtual void abandon() = 0;
};

}  // namespace quotawatch
