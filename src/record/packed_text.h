// Delta compression: packs a text with the previous, mostly equal one as zlib's dictionary.
//
// Used by FlightRecorder for screens and states.
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
  std::unique_ptr<Stream> stream_;  // kept, since creating one costs more than packing
};

// Reverses pack(); `known` must be the same.
std::string unpack_text(std::string_view packed, std::string_view known);

}  // namespace quotawatch
