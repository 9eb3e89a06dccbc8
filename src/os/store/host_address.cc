#include "os/store/host_address.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <sstream>
#include <thread>
#include <utility>

namespace quotawatch::os {
namespace {

constexpr Milliseconds look_every{5};

// Empty if it has none; then `why` says so.
std::string address_of(const std::string& name, std::string& why) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(name.c_str(), nullptr, &hints, &found); error != 0) {
    why = fmt::format("{}: {}", name, ::gai_strerror(error));
    return "";
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, ::freeaddrinfo);
  std::array<char, NI_MAXHOST> text{};
  const int error =
      ::getnameinfo(found->ai_addr, found->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
  return error == 0 ? text.data() : "";
}

bool needs_address(const std::string& name) { return !name.empty() && name.front() != '/' && name.front() != '@'; }

}  // namespace

std::vector<std::string> split_list(const std::string& list) {
  std::vector<std::string> items;
  std::istringstream text(list + ",");
  for (std::string item; std::getline(text, item, ',');) items.push_back(item);
  return items;
}

std::string join_list(const std::vector<std::string>& items) { return fmt::format("{}", fmt::join(items, ",")); }

// Shared with the thread, which may outlive everything else: a resolver cannot be interrupted.
struct HostAddress::Search {
  Hosts asked;
  Hosts found;
  std::string why;
  std::atomic<bool> done = false;

  void run() {
    for (std::size_t i = 0; i < asked.names.size(); ++i) {
      const std::string address = needs_address(asked.names[i]) ? address_of(asked.names[i], why) : "";
      if (address.empty() && needs_address(asked.names[i])) continue;
      found.names.push_back(asked.names[i]);
      found.addresses.push_back(address);
      found.ports.push_back(asked.ports.size() > 1 ? asked.ports.at(i) : asked.ports.front());
    }
    done = true;
  }
};

HostAddress::HostAddress(EventLoop& loop, Hosts hosts, Found found) : timer_(loop) {
  const auto search = std::make_shared<Search>();
  search->asked = std::move(hosts);
  std::thread([search] { search->run(); }).detach();
  timer_.start_repeating(look_every, [this, search, found = std::move(found)] {
    if (!search->done) return;
    const auto tell = found;  // what is called may destroy this
    timer_.stop();
    tell(search->found, search->found.names.empty() ? search->why : "");
  });
}

}  // namespace quotawatch::os
