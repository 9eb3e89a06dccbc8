// What may follow the words of a banner.
#pragma once

#include <string_view>

namespace quotawatch {

// True if `rest`, the text after a rule's match in a normalised message, ends as banners do: empty, a
// reset time, short notes separated by "·". Prose continues otherwise ("… when the pane shows it").
// For messages that may be the model's.
bool is_banner_tail(std::string_view rest);

}  // namespace quotawatch
