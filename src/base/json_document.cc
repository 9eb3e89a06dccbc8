#include "base/json_document.h"

#include <fmt/format.h>

#include <cassert>
#include <iterator>
#include <utility>
#include <vector>

#include "base/text.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

using nlohmann::json;

constexpr std::size_t deepest = 64;

// Counts lines while the parser reads, because SAX handlers get no positions. The parser reads at
// most one character past a value, so the line of the last character read is the value's line.
struct LineCounter {
  std::size_t line = 1;
  bool newline_pending = false;

  void take(char character) {
    if (newline_pending) ++line;
    newline_pending = character == '\n';
  }
};

class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, LineCounter* counter) : at_(at), counter_(counter) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    counter_->take(*at_);
    ++at_;
    return *this;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  LineCounter* counter_;
};

// Builds the value and its line numbers from the parser's events.
class Builder : public nlohmann::json_sax<json> {
 public:
  Builder(const LineCounter& counter, std::map<std::string, std::size_t>& lines) : counter_(counter), lines_(lines) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return fail("binary data"); }
  bool start_object(std::size_t /*size*/) override { return open(json::object()); }
  bool start_array(std::size_t /*size*/) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& key) override {
    if (stack_.back().value.contains(key)) {
      return fail(fmt::format("the key {} stands here twice", in_quotes(key)));
    }
    stack_.back().key = std::move(key);
    return true;
  }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    std::string_view text = error.what();
    // "[json.exception.parse_error.101] parse error at line 1, column 2: WHAT"
    if (const auto column = text.find("column "); column != std::string_view::npos) {
      text.remove_prefix(text.find(": ", column) + 2);
    } else if (const auto bracket = text.find("] "); bracket != std::string_view::npos) {
      text.remove_prefix(bracket + 2);
    }
    return fail("not valid JSON: " + escape_controls(text));
  }

  const std::string& problem() const { return problem_; }
  json take_root() { return std::move(root_); }

 private:
  struct Level {
    json value;
    std::string key;      // of the current member
    std::string pointer;  // of this container
  };

  std::string pointer_of_next() const {
    if (stack_.empty()) return "";
    const Level& level = stack_.back();
    if (level.value.is_array()) return fmt::format("{}/{}", level.pointer, level.value.size());
    return level.pointer + "/" + level.key;
  }

  void attach(json value) {
    if (stack_.empty()) {
      root_ = std::move(value);
    } else if (stack_.back().value.is_array()) {
      stack_.back().value.push_back(std::move(value));
    } else {
      stack_.back().value[stack_.back().key] = std::move(value);
    }
  }

  bool add(json value) {
    lines_[pointer_of_next()] = counter_.line;
    attach(std::move(value));
    return true;
  }

  bool open(json container) {
    if (stack_.size() >= deepest) return fail(fmt::format("nested deeper than {} levels", deepest));
    std::string pointer = pointer_of_next();
    lines_[pointer] = counter_.line;
    stack_.push_back({std::move(container), "", std::move(pointer)});
    return true;
  }

  bool close() {
    assert(!stack_.empty());
    json finished = std::move(stack_.back().value);
    stack_.pop_back();
    attach(std::move(finished));
    return true;
  }

  bool fail(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  const LineCounter& counter_;
  std::map<std::string, std::size_t>& lines_;
  std::vector<Level> stack_;
  json root_;
  std::string problem_;
};

}  // namespace

JsonDocument::JsonDocument(std::string_view text, std::string origin, std::size_t first_line)
    : origin_(std::move(origin)), first_line_(first_line) {
  if (trim(text).empty()) throw InputError(origin_, first_line, "is empty; JSON is needed here");
  LineCounter counter;
  Builder builder(counter, lines_);
  const CountingIterator first(text.data(), &counter);
  const CountingIterator last(text.data() + text.size(), &counter);
  if (!json::sax_parse(first, last, &builder, json::input_format_t::json, true, true)) {
    throw InputError(origin_, first_line + counter.line - 1, builder.problem());
  }
  root_ = builder.take_root();
}

std::size_t JsonDocument::line_of(const std::string& pointer) const {
  const auto found = lines_.find(pointer);
  return first_line_ + (found == lines_.end() ? 1 : found->second) - 1;
}

std::string text_of(const nlohmann::json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string dump_line(const nlohmann::ordered_json& value) {
  return escape_in_json(value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace quotawatch
