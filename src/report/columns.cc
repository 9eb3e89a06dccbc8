#include "report/columns.h"

#include <utf8.h>

#include <cassert>
#include <clocale>
#include <cwchar>

namespace quotawatch {
namespace {

constexpr std::string_view ellipsis = "…";
constexpr char32_t emoji_selector = 0xfe0f;  // makes a narrow sign before it wide

// wcwidth() uses the current locale, which may not be UTF-8 although our text always is.
class Utf8Locale {
 public:
  Utf8Locale() : before_(::uselocale(locale())) {}
  ~Utf8Locale() { ::uselocale(before_); }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  static locale_t locale() {
    static const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return utf8;  // null if the system has no such locale; then the current one is kept
  }
  locale_t before_;
};

std::size_t columns_of(char32_t character) {
  if (character >= 0x20 && character < 0x7f) return 1;
  if (character == emoji_selector) return 1;
  const int width = ::wcwidth(static_cast<wchar_t>(character));
  return width < 0 ? 2U : static_cast<std::size_t>(width);
}

// How many bytes of `text` fit into `columns`, and how many columns they use.
struct Prefix {
  std::size_t bytes = 0;
  std::size_t columns = 0;
};

Prefix longest_prefix(std::string_view text, std::size_t columns) {
  const Utf8Locale locale;
  Prefix prefix;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const std::size_t width = columns_of(utf8::unchecked::next(at));
    if (prefix.columns + width > columns) break;
    prefix.columns += width;
    prefix.bytes = static_cast<std::size_t>(at - text.data());
  }
  return prefix;
}

}  // namespace

std::size_t display_columns(std::string_view text) {
  return longest_prefix(text, std::string_view::npos).columns;
}

std::string cut_to_columns(std::string_view text, std::size_t columns) {
  if (longest_prefix(text, columns).bytes == text.size()) return std::string(text);
  if (columns == 0) return "";
  const auto kept = text.substr(0, longest_prefix(text, columns - 1).bytes);
  return std::string(kept).append(ellipsis);
}

std::string fit_to_columns(std::string_view text, std::size_t columns) {
  std::string fitted = cut_to_columns(text, columns);
  fitted.append(columns - display_columns(fitted), ' ');
  return fitted;
}

}  // namespace quotawatch
