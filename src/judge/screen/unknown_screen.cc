// Screens of shells and of unknown programs. Only their last rows are read, each on its own, and no text
// that a command was asked to print.
#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "base/display_width.h"
#include "base/text.h"
#include "judge/screen/conversation.h"
#include "judge/screen/layouts.h"
#include "judge/screen/normalise.h"
#include "judge/screen/shell_command.h"

namespace quotawatch {
namespace {

// The most rows of a wrapped message on a narrow screen; of one that the terminal cut, such as a program's
// event on one line, many more.
constexpr std::size_t most_wrapped_rows = 8;
constexpr std::size_t most_cut_rows = 40;

// The command at a prompt with an arrow: "❯ ls", "~/src ❯ ls", "➜  src git:(main) ls".
std::optional<std::string_view> fancy_command(const Row& row) {
  for (const std::string_view sign : {"❯", "➜", "»", "λ"}) {
    const auto at = row.text.find(sign);
    if (at == std::string_view::npos) continue;
    const auto before = row.text.substr(0, at);
    const bool path = before.find_first_of("/~") != std::string_view::npos;
    if (before.empty() || path) return trim(row.text.substr(at + sign.size()));
  }
  return std::nullopt;
}

bool boxed(const Row& row) { return is_boxed(row) || is_box_bottom(row) || is_box_top(row); }

// ">" alone (Kiro, Amp), or Kimi's sign: shells show more, or something else.
bool is_agent_prompt(const Row& row) { return row.text == ">" || row.text.ends_with("✨") || row.text.ends_with("💫"); }

// Which rows are a shell's prompts. The last row of a waiting shell shows how its prompt looks. Otherwise,
// if there is a plain prompt anywhere, prompts with arrows are output.
class Prompts {
 public:
  explicit Prompts(const Rows& rows) : plain_(std::any_of(rows.begin(), rows.end(), is_shell_prompt)) {
    if (rows.empty()) return;
    const Row& last = rows.back();
    if (last.text == ">") return;  // an agent's
    const bool empty_prompt = is_shell_prompt(last) && last.text.find_first_of("$#%") + 1 == last.text.size();
    const auto fancy = fancy_command(last);
    const bool repeated =
        !boxed(last) && !is_agent_prompt(last) && std::any_of(rows.begin(), rows.end() - 1, [&](const Row& row) {
          return row.text.size() > last.text.size() + 1 && row.text.substr(0, last.text.size()) == last.text &&
                 row.text[last.text.size()] == ' ';
        });
    const bool tip = begins_ignoring_case(last.text, "╰─") && !boxed(last);
    if (empty_prompt || last.glyph == U'➜' || (fancy && fancy->empty()) || repeated || tip) waiting_ = last.text;
  }

  bool waits() const { return !waiting_.empty(); }

  // The command at the prompt; nullopt if the row has no prompt.
  std::optional<std::string_view> command(const Row& row) const {
    if (row.blank()) return std::nullopt;
    if (waits()) {
      if (row.text.substr(0, waiting_.size()) != waiting_) return std::nullopt;
      return trim(row.text.substr(waiting_.size()));
    }
    if (row.indent > 0) return std::nullopt;
    if (!plain_) return fancy_command(row);
    if (!is_shell_prompt(row)) return std::nullopt;
    return trim(row.text.substr(row.text.find_first_of("$#%") + 1));
  }

 private:
  bool plain_;
  std::string_view waiting_;
};

// True for a pager, an editor or a monitor: the screen shows a file.
bool is_viewer(const Rows& rows) {
  if (rows.empty()) return false;
  static const RE2 status(
      R"((?i)^(?::.*|/[^/]+|\(END\)|--more--.*|lines \d.*|-- ?(?:insert|visual|replace).*|recording @.*)"
      R"(|".*" \d+l, .*|.*\(file \d+ of \d+\).*|manual page .*|\^[gx] (?:help|exit).*|.*\b10quit)"
      R"(|.*\bf10quit.*|.*\d+,\d+(?:-\d+)? +(?:all|top|bot|\d+%)|[\w./~-]+\.\w{1,5}(?: \[\+\]| lines .*)?)"
      R"(|-[*U:-]{3,}.*\(.*\).*|~|(?:normal|insert|visual|nor|ins) .*|.*\(\d+,\d+\) \| ft:.*)"
      R"(|\d+/\d+ +\? more)$)");
  const auto last = rows.back().body;
  const auto tildes = std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.text == "~"; });
  constexpr auto empty_lines = 2;
  return tildes >= empty_lines || RE2::FullMatch(re2::StringPiece(last.data(), last.size()), status);
}

// The moment and the source that a log writes before a message: "[26-05-01 11:23:36] ", "[INFO] [agent] ".
std::size_t stamp_size(std::string_view text) {
  static const RE2 stamp(R"((?i)((?:\[[\w .:,/+-]{1,40}\] ?){1,4}|\d{4}-\d\d-\d\d[t ][\d:.,]+(?:z|[+-]\d\d:?\d\d)? +)"
                         R"((?:\[[\w .:,/+-]{1,30}\] ?|(?:info|warn(?:ing)?|error|fatal)[: ] ?){0,3}))");
  re2::StringPiece found;
  const re2::StringPiece whole(text.data(), text.size());
  if (!stamp.Match(whole, 0, whole.size(), RE2::ANCHOR_START, &found, 1)) return 0;
  const bool dated = std::ranges::any_of(std::string_view(found.data(), found.size()), is_digit);
  return dated ? found.size() : 0;
}

std::string_view words_of(const Row& row) {
  const auto words = skip_signs(is_boxed(row) ? inside_box(row) : row.body);
  return skip_signs(words.substr(stamp_size(words)));
}

// The log of a runner went on after this row, with something else than the limit and what follows from it.
bool log_goes_on(const Rows& rows, std::size_t i) {
  static const RE2 consequence(
      R"((?i)\b(?:limit\w*|usage|quota|wait\w*|retry\w*|sleep\w*|paus\w*|abort\w*|error|fail\w*|exit\w*|stopp?\w*)\b)");
  if (stamp_size(rows[i].body) == 0) return false;
  return std::any_of(rows.begin() + static_cast<std::ptrdiff_t>(i) + 1, rows.end(), [](const Row& row) {
    return stamp_size(row.body) > 0 &&
           !RE2::PartialMatch(re2::StringPiece(row.body.data(), row.body.size()), consequence);
  });
}

void append_row(Message& message, const Row& row, bool hard) {
  const auto words = words_of(row);
  NormalisedText part;
  normalise_onto(part, words, row.offset + static_cast<std::size_t>(words.data() - row.text.data()));
  append_text(message.normalised, part, hard);
}

class Reader {
 public:
  Reader(const Rows& rows, Screen& screen) : rows_(rows), screen_(screen), prompts_(rows) {
    for (const auto& row : rows) width_ = std::max(width_, display_width(row.text));
  }

  void read() {
    const bool viewer = is_viewer(rows_);
    bool printed = viewer;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const auto command = viewer ? std::nullopt : prompts_.command(rows_[i]);
      // A finished command that is no agent is only output.
      if (command && !command->empty()) {
        const Purpose purpose = purpose_of(*command);
        printed = !purpose.agent && (purpose.printer || prompts_.waits());
      }
      note_typed(i, command);
      if (rows_[i].blank() || screen_.regions[i] != RegionKind::block) continue;
      const bool past = printed || log_goes_on(rows_, i);
      const Voice voice = typed_ ? Voice::user : past ? Voice::tool : Voice::shared;
      if (!typed_) read_wrapped(i, voice);
      if (typed_ || !goes_on(i)) begin_message(i, voice);
    }
  }

 private:
  // A prompt of Codex, typed or sent.
  static bool is_sent(const Row& row) { return row.indent == 0 && (row.glyph == U'›' || row.glyph == U'▌'); }

  // True if the row is input: a command with its quoted text, or a prompt with the rows indented below it.
  void note_typed(std::size_t i, std::optional<std::string_view> command) {
    const Row& row = rows_[i];
    if (command || is_sent(row)) {
      typed_ = true;
      sent_ = !command;
      open_quote_ = false;
    } else if (!row.blank() && !(sent_ && row.indent >= 2) && !open_quote_) {
      typed_ = sent_ = false;
    }
    if (!typed_ || sent_) return;
    const auto quotes = std::count(row.text.begin(), row.text.end(), '"');
    open_quote_ = open_quote_ != (quotes % 2 == 1);
  }

  // True if the row may continue in the next one, whose first word would not have fitted.
  bool wraps(std::size_t i) const {
    if (i + 1 >= rows_.size() || rows_[i].blank() || rows_[i + 1].blank()) return false;
    const auto body = rows_[i + 1].body;
    const auto word = body.substr(0, std::min(body.find(' '), body.size()));
    return display_width(rows_[i].text) + 1 + display_width(word) > width_;
  }

  // True if the row surely continues in the next one, in the middle of a sentence.
  bool goes_on(std::size_t i) const {
    if (!wraps(i) || rows_[i + 1].indent != rows_[i].indent) return false;
    if (prompts_.command(rows_[i + 1])) return false;
    // The rest of a log's row has its stamp, too.
    if (stamp_size(rows_[i].body) > 0 && stamp_size(rows_[i + 1].body) == 0) return false;
    const char first = rows_[i + 1].body.front();
    return first >= 'a' && first <= 'z';
  }

  bool is_full(std::size_t i) const { return display_width(rows_[i].text) == width_; }

  Message& begin_message(std::size_t i, Voice voice) {
    Message message;
    message.region = RegionKind::block;
    message.voice = voice;
    message.first_row = i;
    append_row(message, rows_[i], true);
    screen_.messages.push_back(std::move(message));
    return screen_.messages.back();
  }

  // The row with its possible continuations: cut by a terminal at the last column, or wrapped by a program
  // between words.
  void read_wrapped(std::size_t i, Voice voice) {
    std::size_t end = i + 1;
    const auto fits = [&] { return end - i < (is_full(end - 1) ? most_cut_rows : most_wrapped_rows); };
    while (end < rows_.size() && fits() && !rows_[end].blank() && wraps(end - 1) && !prompts_.command(rows_[end])) {
      ++end;
    }
    if (end == i + 1) return;
    for (const bool hard : {true, false}) {
      if (hard && !is_full(i)) continue;
      Message& message = begin_message(i, voice);
      for (std::size_t next = i + 1; next < end; ++next) {
        append_row(message, rows_[next], hard && is_full(next - 1));
      }
    }
  }

  const Rows& rows_;
  Screen& screen_;
  const Prompts prompts_;
  std::size_t width_ = 0;
  bool typed_ = false;       // the row is input
  bool sent_ = false;        // and a prompt sent to an agent
  bool open_quote_ = false;  // of a command, continued in the next row
};

// A program's event on one line, cut by the terminal, begins further up: the row of its brace.
std::size_t find_event(const Rows& rows, std::size_t begin) {
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, display_width(row.text));
  for (std::size_t i = begin; i > 0 && begin - i < most_cut_rows; --i) {
    if (display_width(rows[i - 1].text) != width) break;
    if (rows[i - 1].glyph == U'{') return i - 1;
  }
  return begin;
}

// An input box is no text: the screen ends above it.
bool is_frame(const Row& row) {
  return is_rule(row) || is_box_top(row) || is_box_bottom(row) ||
         (is_boxed(row) && (inside_box(row).empty() || begins_ignoring_case(inside_box(row), ">")));
}

}  // namespace

void read_unknown_screen(const Rows& rows, std::size_t tail, Screen& screen) {
  std::size_t begin = rows.size();
  for (std::size_t taken = 0; begin > 0 && taken < tail; --begin) {
    if (!rows[begin - 1].blank() && !is_frame(rows[begin - 1])) ++taken;
  }
  begin = find_event(rows, begin);
  mark(screen, rows, 0, begin, RegionKind::history);
  mark(screen, rows, begin, rows.size(), RegionKind::block);
  for (std::size_t i = begin; i < rows.size(); ++i) {
    if (rows[i].blank()) continue;
    screen.block.lines.push_back(rows[i].text);
    screen.block.text += (screen.block.text.empty() ? "" : "\n") + std::string(rows[i].text);
  }
  Reader(rows, screen).read();
}

}  // namespace quotawatch
