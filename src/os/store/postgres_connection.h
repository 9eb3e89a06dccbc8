// One connection to PostgreSQL on the event loop: nothing here waits.
//
// Created by PostgresStore and by `quotawatch store`. The only code that uses libpq. What it says of failures never
// has the connection string in it, which may hold a password.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "os/loop/event_loop.h"
#include "quotawatch/time.h"

namespace quotawatch::os {

class PostgresConnection {
 public:
  struct Result {
    std::string why;    // empty: it was carried out
    std::string state;  // five characters that say what was wrong ("42P01"); empty: the connection has ended
    std::vector<std::vector<std::string>> rows;
  };
  using Done = std::function<void(const Result& result)>;

  struct Callbacks {
    std::function<void()> connected;
    // The connection has ended, or never came about; all that was asked has been answered. May destroy it.
    std::function<void(const std::string& why)> lost;
    std::function<void(const std::string& channel)> notified;  // by another connection
  };

  // Begins to connect. `timeout`: for that, and for each answer.
  PostgresConnection(EventLoop& loop, std::string address, Milliseconds timeout, Callbacks callbacks);
  // Ends it without a callback.
  ~PostgresConnection();
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  // Asks once it is connected and what was asked before is answered. Parameters are texts: $1, $2 …
  void ask(std::string statement, std::vector<std::string> parameters, Done done);

  // "quotawatch on db.example as monitor", of one that is connected.
  std::string described() const;

 private:
  class Link;
  std::unique_ptr<Link> link_;
};

}  // namespace quotawatch::os
