// Texts made small beside one that both sides know and that is mostly the same: the
// screen before, the state before.
//
// Used by FlightRecorder for what it keeps.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace quotawatch {

class TextPacker {
 public:
  TextPacker();
  ~TextPacker();
  TextPacker(const TextPacker&) = delete;
  TextPacker& operator=(const TextPacker&) = delete;

  std::string pack(std::string_view text, std::string_view known);

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;  // kept, for making one costs more than packing
};

// What pack() made of a text beside the same `known`.
std::string unpack_text(std::string_view packed, std::string_view known);

}  // namespace quotawatch
