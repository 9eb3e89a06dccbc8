// What the harnesses of libFuzzer share. Each harness defines try_input(); main is
// libFuzzer's. A harness ends its process to say that it found something: libFuzzer
// then keeps the input.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "quotawatch/input_error.h"

namespace quotawatch::fuzzing {

// Reads one input and checks what must hold of it. Whatever it throws is a finding.
void try_input(std::string_view input);

// Ends the process, saying what did not hold.
void check(bool holds, std::string_view what);

// Holds a refusal against what InputError promises: the file, a line the text has, and
// a problem in words.
void check_refusal(const InputError& error, std::string_view text, const std::string& file);

// What `load` makes of `text`; nothing if it is refused as bad input of `file` is.
template <typename Load>
auto accepted(std::string_view text, const std::string& file, Load load)
    -> std::optional<decltype(load())> {
  try {
    return load();
  } catch (const InputError& error) {
    check_refusal(error, text, file);
    return std::nullopt;
  }
}

// `text` with every byte that is not UTF-8 replaced.
std::string valid_utf8(std::string_view text);

}  // namespace quotawatch::fuzzing
