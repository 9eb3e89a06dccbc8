// A PostgreSQL server of the tests' own: in a temporary folder, reached by a socket there, as an ordinary user.
#pragma once

#include <string>

#include "tests/os/support.h"

namespace quotawatch::os::testing_support {

class PostgresServer {
 public:
  PostgresServer();  // starts it
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  static bool available();  // true if a server is installed

  std::string address() const;
  void start();
  void stop();  // as a crash does
  void run_sql(const std::string& statement);

 private:
  ProgramResult run(std::vector<std::string> arguments);

  TemporaryFolder folder_;
};

}  // namespace quotawatch::os::testing_support
