// The names of an enumeration's values in file formats: one table per type, in the order of the
// values.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quotawatch {

// `last` is the enumeration's last value: a value without a name does not compile.
template <auto last>
class EnumNames {
  using Enum = decltype(last);
  static constexpr std::size_t count = static_cast<std::size_t>(last) + 1;

 public:
  template <typename... Names>
  consteval explicit EnumNames(Names... names) : names_{names...} {
    static_assert(sizeof...(Names) == count, "each value needs one name");
  }

  constexpr std::string_view name(Enum value) const {
    const auto index = static_cast<std::size_t>(value);
    assert(index < count);
    return names_[index];
  }

  constexpr std::optional<Enum> find(std::string_view name) const {
    for (std::size_t i = 0; i < count; ++i) {
      if (names_[i] == name) return static_cast<Enum>(i);
    }
    return std::nullopt;
  }

  std::vector<std::string> all() const { return {names_.begin(), names_.end()}; }

 private:
  std::array<std::string_view, count> names_;
};

}  // namespace quotawatch
