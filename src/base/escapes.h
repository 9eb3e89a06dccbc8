// Terminal escape sequences in captured text: colours of `capture-pane -e`, or of a pasted log.
#pragma once

#include <string>
#include <string_view>

namespace quotawatch {

// `text` without complete escape sequences: CSI (colours, cursor), OSC (titles, links) and character sets. An
// escape character that begins none of these stays.
std::string without_escapes(std::string_view text);

}  // namespace quotawatch
