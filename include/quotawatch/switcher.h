// The seam that carries a switch out, one at a time, and says how it ended.
//
// Driven by Monitor. Real: HookSwitcher (src/os), a user's program. Fake:
// FakeSwitcher (sim/), told by the transcript how to end.
// tests/contracts/switcher_contract.h is what both promise.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "quotawatch/time.h"

namespace quotawatch {

class JsonValue;

// Asks for one account switch. It is in the saved state before a switcher sees it.
struct SwitchRequest {
  std::string id;    // the same over restarts: hooks are idempotent by it
  std::string from;  // account in use, may be empty
  std::string to;    // account wanted; empty: the hook decides
  std::string session;
  std::string reset_text;            // as the screen says it, may be empty
  std::optional<WallTime> reset_at;  // when `from` can be used again, if known
  WallTime asked_at;

  bool operator==(const SwitchRequest&) const = default;
};

// As hooks get it: what is not known is null. The state and status leave that out.
nlohmann::ordered_json to_json(const SwitchRequest& request);

// `brief`: texts that are empty may be left out, as in a status. Throws InputError.
SwitchRequest read_switch_request(const JsonValue& value, bool brief = false);

// How a request ended. `why` is empty where it is done.
struct SwitchReport {
  std::string id;
  bool done = false;
  std::string why;
};

class Switcher {
 public:
  virtual ~Switcher() = default;

  // Starts carrying `request` out and returns at once. At most one at a time:
  // the caller has taken the report of the one before. A request that cannot
  // even be started is reported as failed like any other.
  virtual void start(const SwitchRequest& request) = 0;

  // The report of the request that ended, once; nothing while it goes on. One
  // that is not done after the timeout is ended by force and reported failed.
  virtual std::optional<SwitchReport> take_report() = 0;

  // True from start() until take_report() has handed the report out.
  virtual bool busy() const = 0;

  // Ends what is going on without a report, for a monitor that stops.
  virtual void abandon() = 0;
};

}  // namespace quotawatch
