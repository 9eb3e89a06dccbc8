// The table of the config's keys: it matches the reader, and docs/configuration.md is generated
// from it. To regenerate the page's lists, run the test program of this file with UPDATE_DOCS=1 and
// --gtest_filter='ConfigurationPage.*'.
#include "quotawatch/config_keys.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "base/text.h"
#include "tests/support.h"

namespace quotawatch {
namespace {

using tests::fails;

// What must stand beside the key, whatever its value.
std::string_view needed_beside(std::string_view section, std::string_view name) {
  if (section.empty() && name == "store") {
    return R"("accounts":[{"name":"a"},{"name":"b"}],"active_account":"a",)";
  }
  return section == "store" && name != "postgresql" ? R"("postgresql":"dbname=quota",)" : "";
}

// A config with this value, as JSON, under this key.
std::string config_with(std::string_view section, std::string_view name, std::string_view value) {
  if (section.ends_with("[]")) {
    const auto required = name == "name" ? "" : R"("name":"x",)";
    const auto item = fmt::format(R"([{{{}"{}":{}}}])", required, name, value);
    section.remove_suffix(2);
    const auto dot = section.rfind('.');
    if (dot == std::string_view::npos) return config_with("", section, item);
    return config_with(section.substr(0, dot), section.substr(dot + 1), item);
  }
  const auto object = fmt::format(R"({{{}"{}":{}}})", needed_beside(section, name), name, value);
  if (section.empty()) return object;
  const auto dot = section.rfind('.');
  if (dot == std::string_view::npos) return config_with("", section, object);
  return config_with(section.substr(0, dot), section.substr(dot + 1), object);
}

std::string config_with(const ConfigKey& key, std::string_view value) {
  return config_with(key.section, key.name, value);
}

Config parsed(const std::string& text) { return parse_config(text, "file"); }

// The usual values of all keys, with what the section needs.
Config usual_with(std::string_view section) {
  return parsed(section == "store" ? config_with(section, "postgresql", R"("dbname=quota")") : "{}");
}

std::string usual_of(const ConfigKey& key) {
  return key.place == nullptr ? std::string(key.usual) : number_text(key, {});
}

TEST(EveryConfigKey, IsRead) {
  for (const auto& key : config_keys()) {
    EXPECT_TRUE(fails([&] { parsed(config_with(key, "null")); }, 1, fmt::format("{}: should be ", key.name)));
  }
}

TEST(EveryConfigKey, HasTheDefaultThatIsDocumented) {
  for (const auto& key : config_keys()) {
    if (usual_of(key).empty() || key.section.ends_with("[]")) continue;  // an item is no default
    EXPECT_EQ(parsed(config_with(key, usual_of(key))), usual_with(key.section)) << key.section << '.' << key.name;
  }
}

TEST(EveryConfigKey, TakesTheNumbersOfItsRangeAndNoOthers) {
  for (const auto& key : config_keys()) {
    if (key.place == nullptr) continue;
    const auto takes = [&](const std::string& value) { return parsed(config_with(key, value)); };
    if (kind_of(key) == NumberKind::count) {
      EXPECT_EQ(get_number(key, takes(std::to_string(key.least))), key.least);
      EXPECT_EQ(get_number(key, takes(std::to_string(key.most))), key.most);
      EXPECT_THROW(takes(std::to_string(key.least - 1)), InputError) << key.name;
      EXPECT_THROW(takes(std::to_string(key.most + 1)), InputError) << key.name;
    } else if (kind_of(key) == NumberKind::percentage) {
      EXPECT_EQ(get_number(key, takes(R"("1%")")), 1);
      EXPECT_EQ(get_number(key, takes(R"("100%")")), 100);
      EXPECT_EQ(get_number(key, takes("0")), 0);
      for (const auto* bad : {R"("0%")", R"("101%")", R"("95")", R"("95 %")", R"("-5%")", R"("95.5%")", "95", "true"}) {
        EXPECT_THROW(takes(bad), InputError) << key.name << bad;
      }
    } else if (kind_of(key) == NumberKind::duration) {
      EXPECT_EQ(get_number(key, takes(R"("1ms")")), 1);
      if (key.may_be_zero) {
        EXPECT_EQ(get_number(key, takes(R"("0s")")), 0);
        EXPECT_EQ(get_number(key, takes("0")), 0);
      } else {
        EXPECT_THROW(takes(R"("0s")"), InputError) << key.name;
        EXPECT_THROW(takes("0"), InputError) << key.name;
      }
    }
  }
}

TEST(EveryConfigKey, IsWrittenAsItIsRead) {
  for (const auto& key : config_keys()) {
    if (key.place == nullptr) continue;
    Config config = usual_with(key.section);
    const auto other = kind_of(key) == NumberKind::count ? key.most : 1 - get_number(key, config).value_or(0);
    set_number(key, std::abs(other), config);
    const auto section = changed_numbers(key.section, config);
    EXPECT_EQ(section, fmt::format(R"({{"{}":{}}})", key.name, number_text(key, config)));
    EXPECT_EQ(parsed(config_with(key, number_text(key, config))), config) << key.name;
  }
  EXPECT_EQ(changed_numbers("quota", {}), "{}");
}

std::string range_of(const ConfigKey& key) {
  switch (kind_of(key)) {
    case NumberKind::duration:
      return key.may_be_zero ? "duration or `0`" : "duration";
    case NumberKind::percentage:
      return "percentage or `0`";
    case NumberKind::flag:
      return "`true` or `false`";
    case NumberKind::count:
      break;
  }
  return fmt::format("whole number from {} to {}", key.least, key.most);
}

// The text from column 2 on, in lines of at most 120 columns.
std::string wrapped(std::string_view text) {
  constexpr std::size_t columns = 120;
  std::string lines = " ";
  std::size_t column = 1;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (column + 1 + word.size() > columns) {
      lines += "\n ";
      column = 1;
    }
    lines += fmt::format(" {}", word);
    column += 1 + word.size();
  }
  return lines + '\n';
}

std::string list_of(std::string_view section) {
  std::string items;
  for (const auto& key : config_keys()) {
    if (key.section != section) continue;
    const auto type = key.place == nullptr ? std::string(key.type) : range_of(key);
    const auto usual = usual_of(key);
    items += fmt::format("- `{}`: {}{}.\n", key.name, type, usual.empty() ? "" : fmt::format(", default `{}`", usual));
    items += wrapped(key.what);
  }
  return items;
}

constexpr std::string_view list_begin = "<!-- keys of: ";
constexpr std::string_view list_end = "<!-- end of keys -->";

// The page with each of its lists regenerated. `sections` receives the names of their sections.
std::string made_again(std::string_view page, std::set<std::string>& sections) {
  std::string text;
  while (true) {
    const auto begin = page.find(list_begin);
    if (begin == std::string_view::npos) return text + std::string(page);
    const auto name_at = begin + list_begin.size();
    const auto line_end = page.find('\n', name_at) + 1;
    const auto section = page.substr(name_at, page.find(" -->", name_at) - name_at);
    const auto end = page.find(list_end, line_end);
    if (end == std::string_view::npos) return "a list without an end";
    sections.emplace(section == "config" ? "" : section);
    text += fmt::format("{}\n{}\n{}", page.substr(0, line_end), list_of(section == "config" ? "" : section), list_end);
    page.remove_prefix(end + list_end.size());
  }
}

TEST(ConfigurationPage, ListsEveryKeyAsItIs) {
  const std::string path = FIXTURES "/../docs/configuration.md";
  const auto page = read_file(path, 1 << 20);
  std::set<std::string> sections;
  const auto again = made_again(page, sections);
  if (std::getenv("UPDATE_DOCS") != nullptr) tests::write_file(path, again);
  EXPECT_EQ(page, again) << "run this test with UPDATE_DOCS=1, and look at the diff";
  for (const auto& key : config_keys()) {
    EXPECT_TRUE(sections.contains(std::string(key.section))) << key.section << " has no list";
  }
}

}  // namespace
}  // namespace quotawatch
