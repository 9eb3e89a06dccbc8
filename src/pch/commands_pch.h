// What the subcommands read beside the core's headers, compiled once.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>
