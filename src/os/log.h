// Where parts of src/os say what people should know.
#pragma once

#include <functional>
#include <string_view>

namespace quotawatch::os {

// Gets one line, without its newline, as it is: the code that prints it must escape it.
using Log = std::function<void(std::string_view line)>;

}  // namespace quotawatch::os
