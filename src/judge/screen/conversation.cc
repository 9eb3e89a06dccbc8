#include "judge/screen/conversation.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <optional>
#include <string>

#include "base/display_width.h"
#include "base/text.h"
#include "judge/screen/layouts.h"
#include "judge/screen/normalise.h"

namespace quotawatch {
namespace {

// A row that the program adds below its own message: "/upgrade to increase your usage limit."
bool is_hint(const Row& row) {
  const auto words = skip_signs(row.body);
  return words.size() > 1 && words[0] == '/' && words[1] >= 'a' && words[1] <= 'z';
}

// "Run" or "·" at the end of a row: the next row continues it.
bool is_unfinished(std::string_view text) {
  for (const std::string_view word : {" run", " with", " on", " or", " use", " try", "·", " to"}) {
    if (text.size() >= word.size() && begins_ignoring_case(text.substr(text.size() - word.size()), word)) {
      return true;
    }
  }
  return false;
}

// Codex's openings that are words, "/status" and "Worked for 3s", follow a blank row; directly below
// other rows they are the rest of a wrapped row.
bool is_wrapped_sign(const Row& row, Opening opening) {
  return opening == Opening::status && (row.glyph == U'/' || row.glyph == U'W' || row.glyph == U'w');
}

// No banner is longer; longer text is prose.
constexpr std::size_t longest_message = 800;

// The indentation of the model's paragraphs.
constexpr std::size_t paragraph_indent = 2;

// Cuts rows into messages and says whose words each is.
//
// A forged banner is the right text in the wrong place, so the place decides. The first result below a
// tool call is the tool's output. Text after a bullet may be the model's or the program's (`shared`):
// there, only a rule that fits the whole message may count. Results below anything else, and a second
// result below one call, are the program's own.
//
// Wrapped rows are joined, or a banner that wraps at column 60 would match no rule. Rules see messages
// and not rows; each byte keeps its origin, so that `explain` can point at it.
class Reader {
 public:
  Reader(const Rows& rows, const ConversationStyle& style, std::vector<RegionKind>& regions)
      : rows_(rows), style_(style), regions_(regions) {}

  std::vector<Message> read(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (rows_[i].blank()) {
        after_blank_ = true;
        continue;
      }
      regions_[i] = RegionKind::turn;
      read_row(i);
      after_blank_ = false;
    }
    add_broken_reading();
    return std::move(messages_);
  }

 private:
  void read_row(std::size_t i) {
    const Row& row = rows_[i];
    const Opening opening = style_.opening(row);
    const bool dot = opening == Opening::status && row.glyph == U'·' && last_ == Opening::flush;
    if (opening == Opening::continuation || (opening == Opening::flush && goes_on(i)) || (dot && !after_blank_) ||
        (!after_blank_ && is_wrapped_sign(row, opening)) || (opening == Opening::result && hangs_on_nothing(row))) {
      go_on(i);
      return;
    }
    Message message;
    message.first_row = i;
    message.voice = voice_of(opening);
    message.flush = opening == Opening::flush;
    const bool below_status = opening == Opening::result && last_ == Opening::status;
    message.decoration = opening == Opening::status || opening == Opening::foreign || below_status;
    const auto text = skip_signs(row.body);
    normalise_onto(message.normalised, text, offset_of(row, text));
    if (message.decoration) regions_[i] = RegionKind::status;
    begin(std::move(message));
    // A second result below a call is the program's own.
    under_call_ = opening == Opening::call || opening == Opening::shell || opening == Opening::words;
    last_ = below_status ? Opening::status : opening;
  }

  void begin(Message message) {
    add_broken_reading();
    messages_.push_back(std::move(message));
    further_paragraph_ = false;
  }

  // A message of the program that may be broken inside words is read both ways.
  void add_broken_reading() {
    if (!broken_) return;
    Message message = messages_.back();
    message.normalised = std::move(*broken_);
    messages_.push_back(std::move(message));
    broken_.reset();
  }

  // Some programs break rows where they are full, in the middle of a word.
  void go_on_broken(std::size_t i, const Message& current) {
    if (!style_.wraps_flush || current.voice != Voice::program) return;
    const bool full = display_width(rows_[i - 1].text) == width();
    if (!broken_ && !full) return;
    if (!broken_) broken_ = current.normalised;
    NormalisedText part;
    normalise_onto(part, rows_[i].body, rows_[i].body_offset());
    append_text(*broken_, part, full);
  }

  std::size_t width() {
    if (width_ > 0) return width_;
    for (const auto& row : rows_) width_ = std::max(width_, display_width(row.text));
    return width_;
  }

  // Results are directly below their call. After a blank row one is a quotation, unless it has the
  // no-break space that programs draw and people do not type.
  bool hangs_on_nothing(const Row& row) const {
    const bool drawn = row.body.substr(0, 8).find("\u00a0") != std::string_view::npos;
    return after_blank_ && !drawn && !messages_.empty();
  }

  Voice voice_of(Opening opening) const {
    switch (opening) {
      case Opening::prompt:
      case Opening::shell:
        return Voice::user;
      case Opening::call:
        return Voice::tool;
      case Opening::result:
        return under_call_ ? Voice::tool : Voice::program;
      case Opening::bullet:
      case Opening::flush:
        return Voice::shared;
      case Opening::words:
      case Opening::foreign:
        return Voice::model;
      default:
        return Voice::program;
    }
  }

  // A prompt so long that the row below may be its continuation.
  bool fills_row(const Row& row) { return display_width(row.text) * 5 >= width() * 4; }

  // A row in the first column without a glyph that ends the message above.
  bool goes_on(std::size_t i) {
    if (after_blank_ || messages_.empty()) return false;
    if (last_ == Opening::flush) return true;
    if (last_ == Opening::prompt) return fills_row(rows_[i - 1]);
    return style_.wraps_flush;
  }

  void go_on(std::size_t i) {
    if (messages_.empty()) return;  // the rest of a message that has scrolled off
    Message& current = messages_.back();
    if (current.decoration) regions_[i] = RegionKind::status;
    const Row& row = rows_[i];
    const bool speaks = current.voice == Voice::program || current.voice == Voice::shared;
    const bool dot = row.glyph == U'•' && !after_blank_;  // between two parts of a banner
    if (speaks && !dot && is_hint(row) && !is_unfinished(current.normalised.text)) {
      Message hint;
      hint.first_row = i;
      hint.decoration = current.decoration;
      const auto words = skip_signs(row.body);
      normalise_onto(hint.normalised, words, offset_of(row, words));
      begin(std::move(hint));
    } else if (after_blank_ && last_ == Opening::result && row.indent == paragraph_indent &&
               current.voice == Voice::program) {
      current.voice = Voice::model;  // its own words continue after a quotation
    } else if (after_blank_ || further_paragraph_) {
      current.more = further_paragraph_ = true;
    } else if (current.normalised.text.size() > longest_message) {
      current.more = true;
    } else {
      go_on_broken(i, current);
      normalise_onto(current.normalised, row.body, row.body_offset());
    }
  }

  const Rows& rows_;
  const ConversationStyle& style_;
  std::vector<RegionKind>& regions_;
  std::vector<Message> messages_;
  Opening last_ = Opening::foreign;
  bool under_call_ = false;  // the next result is a tool's output
  bool after_blank_ = false;
  bool further_paragraph_ = false;        // after the last message's first one
  std::optional<NormalisedText> broken_;  // the last message, if its rows are broken inside words
  std::size_t width_ = 0;                 // of the widest row, once it is asked for
};

// The questions, answers and actions of the conversation, part by part. A part begins at a row with a
// glyph, so that it is the same at every width. A part whose first row has scrolled off is left out.
class SaidReader {
 public:
  SaidReader(const Rows& rows, const ConversationStyle& style) : rows_(rows), style_(style) {}

  std::vector<Said> read(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (rows_[i].blank()) continue;
      const Opening opening = style_.opening(rows_[i]);
      const bool below_words = i > begin && !rows_[i - 1].blank();
      const bool box_goes_on =
          opening == Opening::call && last_ == Opening::call && (is_boxed(rows_[i]) || is_box_bottom(rows_[i]));
      const bool goes_on = opening == Opening::continuation || box_goes_on ||
                           (opening == Opening::flush && style_.wraps_flush && below_words) ||
                           (below_words && is_wrapped_sign(rows_[i], opening));
      if (goes_on) {
        go_on(rows_[i]);
      } else {
        begin_part(i, opening);
      }
    }
    return std::move(said_);
  }

 private:
  void begin_part(std::size_t i, Opening opening) {
    answers_ = opening == Opening::result && last_ == Opening::prompt;
    assert(!answers_ || !said_.empty());
    if (answers_) said_.back().answer = rows_[i].body;
    last_ = opening;
    switch (opening) {
      case Opening::prompt:
        said_.push_back(asked(rows_[i]));
        break;
      case Opening::shell:
        said_.push_back({Said::Kind::asked, std::string(rows_[i].body), ""});
        break;
      case Opening::bullet:
      case Opening::call:
      case Opening::words:
        said_.push_back({Said::Kind::other, std::string(skip_signs(rows_[i].body)), ""});
        break;
      default:
        break;
    }
  }

  Said asked(const Row& row) const {
    const auto text = is_boxed(row) ? inside_box(row) : after_glyph(row);
    const bool question = style_.is_question != nullptr && style_.is_question(text);
    return {question ? Said::Kind::question : Said::Kind::asked, std::string(text), ""};
  }

  void go_on(const Row& row) {
    switch (last_) {
      case Opening::prompt:
      case Opening::shell:
      case Opening::bullet:
      case Opening::call:
      case Opening::words:
        said_.back().text += row.body;
        break;
      default:
        if (answers_) said_.back().answer += row.body;
        break;
    }
  }

  const Rows& rows_;
  const ConversationStyle& style_;
  std::vector<Said> said_;
  Opening last_ = Opening::foreign;
  bool answers_ = false;  // the current part is a command's answer
};

}  // namespace

void read_conversation(const Rows& rows, const ConversationRows& conversation, const ConversationStyle& style,
                       std::vector<Message> below, Screen& screen) {
  const auto [begin, turn, end] = conversation;
  assert(begin <= turn && turn <= end && end <= rows.size());
  assert(style.opening != nullptr);
  mark(screen, rows, 0, turn, RegionKind::history);
  screen.said = SaidReader(rows, style).read(begin, end);
  screen.whole = begin > 0;
  screen.messages = Reader(rows, style, screen.regions).read(turn, end);
  screen.messages.insert(screen.messages.end(), std::make_move_iterator(below.begin()),
                         std::make_move_iterator(below.end()));
}

Message read_whole(const Rows& rows, std::size_t begin, std::size_t end, RegionKind region) {
  assert(begin <= end && end <= rows.size());
  Message message;
  message.region = region;
  message.first_row = begin;
  for (std::size_t i = begin; i < end; ++i) {
    if (rows[i].blank()) continue;
    const auto text = skip_signs(is_boxed(rows[i]) ? inside_box(rows[i]) : rows[i].body);
    const bool empty_before = message.normalised.text.empty();
    normalise_onto(message.normalised, text, offset_of(rows[i], text));
    if (empty_before && !message.normalised.text.empty()) message.first_row = i;
  }
  return message;
}

}  // namespace quotawatch
