#include "record/secret_search.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "base/text.h"
#include "record/secret_checks.h"
#include "record/secret_patterns.h"

namespace quotawatch {
namespace {

constexpr std::size_t most_groups = 7;  // with the whole match
using Groups = std::array<re2::StringPiece, most_groups>;

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// What was found, in order; spans of one kind may overlap.
class TakenSpans {
 public:
  void add(std::vector<Span> found) {
    const auto middle = static_cast<std::ptrdiff_t>(spans_.size());
    std::ranges::sort(found, {}, &Span::begin);
    spans_.insert(spans_.end(), found.begin(), found.end());
    std::ranges::inplace_merge(spans_, spans_.begin() + middle, {}, &Span::begin);
    std::vector<Span> merged;
    for (const auto& span : spans_) {
      if (merged.empty() || merged.back().end <= span.begin) {
        merged.push_back(span);
      } else {
        merged.back().end = std::max(merged.back().end, span.end);
      }
    }
    spans_ = std::move(merged);
  }

  // The last one that overlaps `span`; null if there is none.
  const Span* overlapping(const Span& span) const {
    const auto after = std::ranges::lower_bound(spans_, span.end, {}, &Span::begin);
    return after != spans_.begin() && std::prev(after)->end > span.begin ? &*std::prev(after) : nullptr;
  }

 private:
  std::vector<Span> spans_;
};

// One search through the rows joined in one way.
class Search {
 public:
  Search(std::string_view screen, const std::vector<ContentRow>& rows, std::string_view between)
      : screen_(screen), rows_(rows), joined_(screen, rows, between) {}

  std::vector<SecretFinding> run() {
    for (const auto& pattern : secret_patterns()) find_all(*pattern);
    return std::move(findings_);
  }

  // Only what rows apart from one another do not show.
  std::vector<SecretFinding> run_over_breaks() {
    only_over_breaks_ = true;
    return run();
  }

 private:
  void find_all(const SecretPattern& pattern) {
    std::vector<Span> found;
    const std::string& text = joined_.text();
    const int groups = std::min(pattern.expression.NumberOfCapturingGroups() + 1, static_cast<int>(most_groups));
    Groups match;
    for (std::size_t from = 0; from < text.size();) {
      if (!pattern.expression.Match(piece(text), from, text.size(), RE2::UNANCHORED, match.data(), groups)) break;
      const auto start = static_cast<std::size_t>(match[0].data() - text.data());
      std::size_t next = from + 1;
      for (int i = 1; i < groups; ++i) {
        const auto& group = match.at(static_cast<std::size_t>(i));
        if (group.data() == nullptr || group.empty()) continue;
        const auto begin = static_cast<std::size_t>(group.data() - text.data());
        const Span whole{start, start + match[0].size()};
        next = std::max(next, take(pattern, whole, trimmed({begin, begin + group.size()}), found));
      }
      from = next;
    }
    taken_.add(std::move(found));
  }

  // Without the punctuation of the sentence or the code around it.
  Span trimmed(Span span) const {
    constexpr std::string_view punctuation = ",;)]}>.:";
    while (span.end > span.begin + 1 && punctuation.find(joined_.text()[span.end - 1]) != punctuation.npos) --span.end;
    return span;
  }

  // Returns from where to search on.
  std::size_t take(const SecretPattern& pattern, Span match, Span span, std::vector<Span>& found) {
    SecretFinding finding{belonging(pattern, match.begin, span), pattern.kind};
    if (finding.pieces.empty()) return span.begin + 1;
    if (finding.pieces.back().end != joined_.pieces(span.begin, span.end).back().end && only_over_breaks_) {
      return span.begin + 1;
    }
    std::string text;
    for (const auto& part : finding.pieces) text += screen_.substr(part.begin, part.end - part.begin);
    const bool breaks = joined_.row_at(match.begin) != joined_.row_at(match.end - 1);
    if (!pattern.holds(text)) return span.end;
    // A longer finding of a secret goes on behind a shorter one. What stands before it, such as "sk-ant-", may stay.
    const Span* taken = taken_.overlapping(span);
    if (taken != nullptr && (pattern.kind != SecretKind::secret || taken->end >= span.end)) return span.end;
    found.push_back(span);
    if (breaks || !only_over_breaks_) findings_.push_back(std::move(finding));
    return span.end;
  }

  // The pieces of a span that belong to the match that begins at `start`.
  std::vector<RowPiece> belonging(const SecretPattern& pattern, std::size_t start, Span span) const {
    std::vector<RowPiece> kept;
    std::size_t row = joined_.row_at(start);
    Join weakest = Join::strong;
    for (const auto& part : joined_.pieces(span.begin, span.end)) {
      for (; row < part.row; ++row) weakest = std::min(weakest, rows_[row].next);
      if (!pattern.of_rows && !continues(part, weakest)) break;
      kept.push_back(part);
    }
    // A word at the end of a sentence is no beginning of what stands alone in the next row.
    if (kept.size() > 1 && !pattern.of_rows && start == span.begin && weakest == Join::weak &&
        is_prose(screen_.substr(kept[0].begin, kept[0].end - kept[0].begin))) {
      kept.erase(kept.begin());
    }
    return kept;
  }

  // Whether a piece is part of a token that a break has cut, and not the beginning of a sentence.
  bool continues(const RowPiece& part, Join join) const {
    if (join != Join::weak) return join == Join::strong;
    const ContentRow& row = rows_[part.row];
    const std::size_t end = std::min(screen_.find(' ', part.end), row.end);
    const std::string_view words = screen_.substr(part.begin, end - part.begin);
    const bool alone = part.begin == row.begin && end == row.end && words.find(' ') == words.npos;
    return alone || !is_prose(words);
  }

  std::string_view screen_;
  const std::vector<ContentRow>& rows_;
  JoinedRows joined_;
  TakenSpans taken_;
  std::vector<SecretFinding> findings_;
  bool only_over_breaks_ = false;
};

bool is_word_byte(char c) { return is_digit(c) || is_lower(c) || is_upper(c) || c == '_' || !is_ascii(c); }

void find_words(std::string_view text, std::string_view word, SecretKind kind, std::vector<SecretFinding>& findings) {
  if (is_common(word)) return;
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + word.size())) {
    const std::size_t end = at + word.size();
    const bool whole = (at == 0 || !is_word_byte(text[at - 1])) && (end == text.size() || !is_word_byte(text[end]));
    if (whole) findings.push_back({{{0, at, end}}, kind});
  }
}

}  // namespace

std::vector<SecretFinding> find_secrets(std::string_view screen, int columns, const OwnNames& own) {
  const auto rows = content_rows(screen, columns);
  auto findings = Search(screen, rows, "").run_over_breaks();
  auto apart = Search(screen, rows, "\f").run();
  findings.insert(findings.end(), std::make_move_iterator(apart.begin()), std::make_move_iterator(apart.end()));
  for (const auto& host : own.hosts) find_words(screen, host, SecretKind::host, findings);
  for (const auto& user : own.users) find_words(screen, user, SecretKind::home, findings);
  return findings;
}

}  // namespace quotawatch
