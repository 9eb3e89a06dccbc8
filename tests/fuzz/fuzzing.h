// Shared by the fuzz targets. Each defines try_input(); main is libFuzzer's. A target aborts to
// report a finding; libFuzzer then keeps the input.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "quotawatch/input_error.h"

namespace quotawatch::fuzzing {

// Reads one input and checks its properties. Any exception is a finding.
void try_input(std::string_view input);

// Aborts with this message if `holds` is false.
void check(bool holds, std::string_view what);

// Checks the contract of InputError: the file, a line of the text, and a problem in words.
void check_refusal(const InputError& error, std::string_view text, const std::string& file);

// The result of `load`; empty if `text` is refused with a valid error about `file`.
template <typename Load>
auto accepted(std::string_view text, const std::string& file, Load load) -> std::optional<decltype(load())> {
  try {
    return load();
  } catch (const InputError& error) {
    check_refusal(error, text, file);
    return std::nullopt;
  }
}

// `text` with every invalid UTF-8 byte replaced.
std::string valid_utf8(std::string_view text);

}  // namespace quotawatch::fuzzing
