#include "record/packed_text.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace quotawatch {
namespace {

// Raw streams with the largest window, because a state may be large.
constexpr int window_bits = -15;
constexpr int memory_level = 5;
constexpr std::size_t window_bytes = 32U << 10;

void check(bool holds) {
  if (!holds) throw std::runtime_error("zlib cannot pack or unpack a text");
}

// zlib does not write to its input.
Bytef* bytes_of(std::string_view text) {
  return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));  // NOLINT
}

// zlib uses at most the last window of a dictionary.
std::string_view usable(std::string_view known) {
  return known.substr(known.size() - std::min(known.size(), window_bytes));
}

}  // namespace

struct TextPacker::Stream {
  z_stream zlib{};
};

TextPacker::TextPacker() : stream_(std::make_unique<Stream>()) {
  check(deflateInit2(&stream_->zlib, Z_BEST_SPEED, Z_DEFLATED, window_bits, memory_level, Z_DEFAULT_STRATEGY) == Z_OK);
}

TextPacker::~TextPacker() { deflateEnd(&stream_->zlib); }

std::string TextPacker::pack(std::string_view text, std::string_view known) {
  z_stream& zlib = stream_->zlib;
  check(deflateReset(&zlib) == Z_OK);
  const auto before = usable(known);
  if (!before.empty()) {
    check(deflateSetDictionary(&zlib, bytes_of(before), static_cast<uInt>(before.size())) == Z_OK);
  }
  std::string packed(deflateBound(&zlib, static_cast<uLong>(text.size())), '\0');
  zlib.next_in = bytes_of(text);
  zlib.avail_in = static_cast<uInt>(text.size());
  zlib.next_out = reinterpret_cast<Bytef*>(packed.data());
  zlib.avail_out = static_cast<uInt>(packed.size());
  check(deflate(&zlib, Z_FINISH) == Z_STREAM_END);
  packed.erase(zlib.total_out);
  packed.shrink_to_fit();
  return packed;
}

std::string unpack_text(std::string_view packed, std::string_view known) {
  z_stream zlib{};
  check(inflateInit2(&zlib, window_bits) == Z_OK);
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> ending(&zlib, inflateEnd);
  const auto before = usable(known);
  if (!before.empty()) {
    check(inflateSetDictionary(&zlib, bytes_of(before), static_cast<uInt>(before.size())) == Z_OK);
  }
  zlib.next_in = bytes_of(packed);
  zlib.avail_in = static_cast<uInt>(packed.size());
  std::string text;
  std::array<char, 16384> buffer;
  int status = Z_OK;
  while (status == Z_OK) {
    zlib.next_out = reinterpret_cast<Bytef*>(buffer.data());
    zlib.avail_out = static_cast<uInt>(buffer.size());
    status = inflate(&zlib, Z_NO_FLUSH);
    text.append(buffer.data(), buffer.size() - zlib.avail_out);
  }
  check(status == Z_STREAM_END);
  return text;
}

}  // namespace quotawatch
