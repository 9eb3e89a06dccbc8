// What a hook is given, and what the monitor gets from it or from any other sender to its socket.
#include "fuzzing.h"
#include "os/records/hook_message.h"

namespace quotawatch::fuzzing {

void try_input(std::string_view input) {
  os::read_datagram(input);
  const auto message = os::read_hook_input(input);
  if (!message) return;
  const auto heard = os::read_datagram(os::to_datagram(*message));
  check(heard.has_value(), "what is sent is heard");
  check(heard->error == valid_utf8(message->error) && heard->conversation == valid_utf8(message->conversation),
        "it is heard as it was said");
}

}  // namespace quotawatch::fuzzing
