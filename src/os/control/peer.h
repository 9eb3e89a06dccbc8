// Who is at the other end of a unix socket, as the kernel says: by means of Linux.
//
// Used by what listens or asks on our sockets: PrivateSocket, HookSocket, ask_monitor().
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <span>

namespace quotawatch::os {

// True for our own user and for root.
bool is_trusted_user(unsigned user);

struct Peer {
  pid_t process = 0;
  uid_t user = 0;
};

// Of a connected socket; empty if the system does not say.
std::optional<Peer> peer_of(int descriptor);

// Before the first datagram: each says from whom it comes.
void ask_for_senders(int descriptor);

struct Datagram {
  std::size_t size = 0;
  bool whole = false;  // it was not longer than the buffer
  std::optional<Peer> sender;
};

// Into the buffer; never waits. Empty if there is none.
std::optional<Datagram> receive_datagram(int descriptor, std::span<char> buffer);

}  // namespace quotawatch::os
