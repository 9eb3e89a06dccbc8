// The page without its data, around which html_page() writes; made by tools/embed-page.py
// at build time from src/commands/page.
#pragma once

#include <string_view>

namespace quotawatch {

struct PageTemplate {
  std::string_view before_title;
  std::string_view before_data;
  std::string_view after_data;
};

PageTemplate page_template();

}  // namespace quotawatch
