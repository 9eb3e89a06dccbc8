// What may stand behind the words of a banner for it still to be one.
#pragma once

#include <string_view>

namespace quotawatch {

// True if `rest`, what follows a rule's match in a normalised message, is how banners
// end: nothing, a reset time, short notes set off by "·". Prose goes on otherwise
// ("… when the pane shows it"). For messages where the model may be speaking.
bool is_banner_tail(std::string_view rest);

}  // namespace quotawatch
