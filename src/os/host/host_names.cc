#include "os/host/host_names.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace quotawatch::os {
namespace {

void add(std::vector<std::string>& names, std::string_view name) {
  if (name.empty() || std::ranges::find(names, name) != names.end()) return;
  names.emplace_back(name);
}

void add_variable(std::vector<std::string>& names, const char* variable) {
  const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
  if (value != nullptr) add(names, value);
}

void add_account(std::vector<std::string>& names) {
  std::array<char, 16384> buffer;
  passwd account{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &account, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return;
  }
  add(names, account.pw_name);
  const std::string_view in_full = account.pw_gecos == nullptr ? "" : account.pw_gecos;
  add(names, in_full.substr(0, in_full.find(',')));
}

}  // namespace

HostNames read_host_names() {
  HostNames names;
  add_account(names.users);
  add_variable(names.users, "USER");
  add_variable(names.users, "LOGNAME");
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) == 0) {
    const std::string_view name = host.data();
    add(names.hosts, name);
    add(names.hosts, name.substr(0, name.find('.')));
  }
  return names;
}

}  // namespace quotawatch::os
