#include "report/junit.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "base/text.h"
#include "os/files/output_file.h"

namespace quotawatch {
namespace {

// XML 1.0 cannot represent most control characters.
std::string xml_text(const std::string& text) {
  std::string out;
  for (const auto line : split_lines(text)) {
    out += escape_controls(line);
    out += '\n';
  }
  return out;
}

std::string seconds_text(Milliseconds span) {
  constexpr std::int64_t ms_a_second = 1000;
  return fmt::format("{}.{:03}", span.count() / ms_a_second, span.count() % ms_a_second);
}

void add_case(pugi::xml_node suite, const std::string& command, const JunitCase& one) {
  auto node = suite.append_child("testcase");
  node.append_attribute("classname") = command.c_str();
  node.append_attribute("name") = escape_controls(one.name).c_str();
  if (!one.file.empty()) node.append_attribute("file") = escape_controls(one.file).c_str();
  if (one.took) node.append_attribute("time") = seconds_text(*one.took).c_str();
  if (one.message.empty()) return;
  auto failure = node.append_child("failure");
  failure.append_attribute("message") = escape_controls(one.message).c_str();
  failure.text() = xml_text(one.failure).c_str();
}

}  // namespace

void write_junit(const std::string& path, const JunitSuite& suite) {
  const auto failed = std::ranges::count_if(suite.cases, [](const auto& one) { return !one.message.empty(); });
  pugi::xml_document document;
  auto node = document.append_child("testsuites").append_child("testsuite");
  node.append_attribute("name") = fmt::format("quotawatch {}", suite.command).c_str();
  node.append_attribute("tests") = static_cast<unsigned long long>(suite.cases.size());
  node.append_attribute("failures") = static_cast<unsigned long long>(failed);
  node.append_attribute("time") = seconds_text(suite.took).c_str();
  for (const auto& one : suite.cases) add_case(node, suite.command, one);
  std::ostringstream text;
  document.save(text, "  ");
  os::write_output(path, text.str());
}

}  // namespace quotawatch
