#include "tests/os/store/postgres_server.h"

#include <unistd.h>

#include <filesystem>
#include <stdexcept>

namespace quotawatch::os::testing_support {
namespace {

constexpr uid_t nobody = 65534;

// Of the newest server; empty if there is none.
std::string programs() {
  std::string newest;
  std::error_code none;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    const std::string folder = version.path() / "bin";
    if (std::filesystem::exists(folder + "/initdb") && folder > newest) newest = folder;
  }
  return newest;
}

}  // namespace

bool PostgresServer::available() { return !programs().empty(); }

PostgresServer::PostgresServer() {
  if (::getuid() == 0 && ::chown(folder_.path().c_str(), nobody, nobody) != 0) throw std::runtime_error("no chown");
  run({"initdb", "-D", folder_ / "data", "-A", "trust", "-U", "monitor", "--no-sync", "-E", "UTF8", "--locale=C"});
  start();
}

PostgresServer::~PostgresServer() { run({"pg_ctl", "-D", folder_ / "data", "-m", "immediate", "stop"}); }

// PostgreSQL refuses to run as root.
ProgramResult PostgresServer::run(std::vector<std::string> arguments) {
  arguments.front() = programs() + "/" + arguments.front();
  if (::getuid() == 0) {
    const auto user = std::to_string(nobody);
    arguments.insert(arguments.begin(), {"setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"});
  }
  return run_program(std::move(arguments));
}

std::string PostgresServer::address() const { return "host=" + folder_.path() + " user=monitor dbname=postgres"; }

void PostgresServer::start() {
  const auto result =
      run({"pg_ctl", "-D", folder_ / "data", "-w", "-l", folder_ / "log", "-o",
           "-c listen_addresses='' -c fsync=off -c unix_socket_directories='" + folder_.path() + "'", "start"});
  if (result.exit_status != 0) throw std::runtime_error(result.output + result.error_output);
}

void PostgresServer::stop() { run({"pg_ctl", "-D", folder_ / "data", "-w", "-m", "immediate", "stop"}); }

void PostgresServer::run_sql(const std::string& statement) {
  const auto result = run({"psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", address(), "-c", statement});
  if (result.exit_status != 0) throw std::runtime_error(result.error_output);
}

}  // namespace quotawatch::os::testing_support
