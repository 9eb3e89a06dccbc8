// A lane for each session: its truth, its verdicts, and when it could not be captured.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "report/page/page_lanes.h"

namespace quotawatch {
namespace {

using sim::JournalEntry;

std::string describe(const Truth& truth) {
  std::string text = truth.message;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (truth.resets_at) add("resets " + format_wall(*truth.resets_at));
  if (!truth.counts) add("does not count");
  if (truth.blocked) add("held up");
  return text;
}

std::string describe(const Event& verdict) {
  std::string text = verdict.snippet.value_or("");
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (verdict.rule) add("rule " + *verdict.rule);
  if (verdict.reset_at) add("resets " + format_wall(*verdict.reset_at));
  if (verdict.why) add(*verdict.why);
  if (verdict.account) add("the limit of " + *verdict.account);
  return text;
}

// "attempt 2 on spare by type, after a switch"
std::string describe_asking(const Event& resume) {
  std::string text = resume.attempt ? fmt::format("attempt {}", *resume.attempt) : "";
  if (resume.account) text += (text.empty() ? "on " : " on ") + *resume.account;
  if (resume.how) text += " by " + *resume.how;
  if (resume.reason) text += ", for a " + *resume.reason;
  if (resume.why) text += (text.empty() ? "" : "; ") + *resume.why;
  return text;
}

// The spans of one session while they are built.
struct SessionSpans {
  std::vector<LaneSpan> truths;
  std::vector<LaneSpan> blocked;
  std::vector<LaneSpan> judged;
  std::vector<LaneSpan> absent;
  std::vector<LaneSpan> failed;
  std::vector<LaneSpan> resumed;
  std::vector<LaneMark> marks;
  std::vector<LaneMark> resume_marks;
  OpenSpan truth_open{truths};
  OpenSpan blocked_open{blocked};
  OpenSpan judged_open{judged};
  OpenSpan absent_open{absent};
  OpenSpan failed_open{failed};
  OpenSpan resumed_open{resumed};
  std::size_t absences_seen = 0;

  SessionSpans() { absent_open.open(Milliseconds{0}, "absent", ""); }
  SessionSpans(const SessionSpans&) = delete;
  SessionSpans& operator=(const SessionSpans&) = delete;

  void close(Milliseconds until) {
    for (OpenSpan* open : {&truth_open, &blocked_open, &judged_open, &failed_open, &resumed_open}) {
      open->close(until);
    }
  }
};

// Verdicts are journalled when they change: each lasts until the next, but not beyond the end of
// its run, nor past a poll that found the session gone.
class Sessions {
 public:
  explicit Sessions(const LaneSource& source) : source_(source) {
    for (const auto& session : session_names(source.transcript.config)) sessions_[session];
  }

  std::vector<Lane> read() {
    const Milliseconds until = source_.transcript.until;
    read_transcript();
    for (auto& [name, session] : sessions_) session.absent_open.close(until);
    read_journal();
    std::vector<Lane> lanes;
    for (const auto& name : session_names(source_.transcript.config)) {
      SessionSpans& session = sessions_[name];
      end_where_absent(session, until);
      session.close(until);
      lanes.push_back(lane(name, session));
    }
    return lanes;
  }

 private:
  struct Switch {
    Milliseconds asked_at;
    Milliseconds left_at;  // the poll after it was done
  };

  SessionSpans* find(const std::string& session) {
    const auto found = sessions_.find(session);
    return found == sessions_.end() ? nullptr : &found->second;
  }

  void read_transcript() {
    for (const auto& event : source_.transcript.events) {
      if (event.offset > source_.transcript.until) break;
      if (const auto* shown = std::get_if<ShowScreen>(&event.action)) {
        come(find(shown->session), event.offset, "", "");
      } else if (const auto* link = std::get_if<LinkSession>(&event.action)) {
        come(find(link->session), event.offset, "", "");
      } else if (const auto* ended = std::get_if<EndProgram>(&event.action)) {
        come(find(ended->session), event.offset, "program_ended", "");
      } else if (const auto* failed = std::get_if<FailCaptures>(&event.action)) {
        come(find(failed->session), event.offset, "capture_failed", failed->why);
      } else if (const auto* gone = std::get_if<RemoveSession>(&event.action)) {
        go(find(gone->session), event.offset);
      } else if (const auto* truth = std::get_if<SetTruth>(&event.action)) {
        set_truth(find(truth->session), event.offset, truth->truth);
      }
    }
  }

  // `silence`: the kind of span if its content cannot be captured; empty if it can.
  static void come(SessionSpans* session, Milliseconds at, const std::string& silence, const std::string& why) {
    if (session == nullptr) return;
    session->absent_open.close(at);
    session->failed_open.close(at);
    if (!silence.empty()) session->failed_open.open(at, silence, why);
  }

  static void go(SessionSpans* session, Milliseconds at) {
    if (session == nullptr) return;
    session->truth_open.close(at);
    session->blocked_open.close(at);
    session->failed_open.close(at);
    if (!session->absent_open.is_open("absent")) session->absent_open.open(at, "absent", "");
  }

  static void set_truth(SessionSpans* session, Milliseconds at, const Truth& truth) {
    if (session == nullptr) return;
    session->truth_open.open(at, verdict_name(truth.says), describe(truth));
    session->blocked_open.close(at);
    if (truth.blocked) session->blocked_open.open(at, "blocked", "");
  }

  void read_journal() {
    std::size_t run = 0;
    for (const auto& entry : source_.journal) {
      for (; run < entry.run; ++run) end_run(source_.runs[run].to);
      SessionSpans* session = entry.event.session ? find(*entry.event.session) : nullptr;
      if (session != nullptr) take(*session, entry);
      note_switch(entry);
      if (entry.event.kind != EventKind::reset) continue;
      for (const auto& name : entry.event.sessions) note_reset(find(name), entry);
    }
    for (; run + 1 < source_.runs.size(); ++run) end_run(source_.runs[run].to);
  }

  void note_switch(const JournalEntry& entry) {
    const Event& event = entry.event;
    const bool by_hand = event.kind == EventKind::account && event.from;
    if (event.kind == EventKind::switch_ || by_hand) asked_at_ = entry.offset;
    if (event.kind == EventKind::switch_done || by_hand) {
      switches_.push_back({asked_at_, entry.offset + source_.transcript.config.quota.poll_interval});
    }
  }

  // A limit that was shown when a switch was asked for is left over from the poll after that is done (A3).
  std::vector<LaneSpan> split_left_over(const std::vector<LaneSpan>& judged) const {
    std::vector<LaneSpan> all;
    for (LaneSpan span : judged) {
      const auto ends_it = [&](const Switch& made) { return span.from <= made.asked_at && made.left_at < span.to; };
      const bool limit = span.kind == "exhausted" || span.kind == "throttled";
      const auto made = limit ? std::ranges::find_if(switches_, ends_it) : switches_.end();
      if (made != switches_.end()) {
        const LaneSpan fresh{span.from, made->left_at, span.kind, span.text};
        span.from = fresh.to;
        span.kind = "left_over";
        all.push_back(fresh);
      }
      all.push_back(std::move(span));
    }
    return all;
  }

  void end_run(Milliseconds at) {
    for (auto& [name, session] : sessions_) {
      end_where_absent(session, at);
      session.judged_open.close(at);
      session.resumed_open.close(at);
    }
  }

  // An absence shorter than a poll interval may have gone unnoticed.
  void end_where_absent(SessionSpans& session, Milliseconds until) const {
    for (; session.absences_seen < session.absent.size(); ++session.absences_seen) {
      const LaneSpan& gone = session.absent[session.absences_seen];
      if (gone.from >= until) return;
      const bool missed = gone.to - gone.from >= source_.transcript.config.quota.poll_interval;
      if (missed) session.judged_open.close(gone.from);
    }
  }

  void take(SessionSpans& session, const JournalEntry& entry) const {
    const Event& event = entry.event;
    if (event.kind == EventKind::verdict) {
      end_where_absent(session, entry.offset);
      session.judged_open.open(entry.offset, event.verdict.value_or(""), describe(event));
    } else if (event.kind == EventKind::stale || event.kind == EventKind::unrecognised) {
      session.marks.push_back({entry.offset, std::string(event_name(event.kind)),
                               event.snippet.value_or("") + (event.why ? "; " + *event.why : "")});
    } else if (is_about_resuming(event.kind) && event.kind != EventKind::typed) {
      take_resuming(session, entry);
    }
  }

  // From the first attempt, or the first thing in its way, until the session goes on or is given up.
  static void take_resuming(SessionSpans& session, const JournalEntry& entry) {
    const Event& event = entry.event;
    session.resume_marks.push_back({entry.offset, std::string(event_name(event.kind)), describe_asking(event)});
    if (event.kind == EventKind::resume) {
      session.resumed_open.open(entry.offset, "asked", describe_asking(event));
    } else if (event.kind == EventKind::resume_held) {
      session.resumed_open.open(entry.offset, "not_asked", describe_asking(event));
    } else {
      session.resumed_open.close(entry.offset);
    }
  }

  static void note_reset(SessionSpans* session, const JournalEntry& entry) {
    if (session == nullptr) return;
    session->marks.push_back(
        {entry.offset, std::string(event_name(entry.event.kind)), entry.event.reset_text.value_or("")});
  }

  Lane lane(const std::string& name, SessionSpans& session) const {
    Lane lane{name, "session", {}};
    if (!session.truths.empty()) {
      auto& truth = lane.rows.emplace_back(LaneRow{"truth", std::move(session.truths), {}});
      truth.spans.insert(truth.spans.end(), session.blocked.begin(), session.blocked.end());
    }
    auto& judged = lane.rows.emplace_back(LaneRow{"judged", split_left_over(session.judged), {}});
    judged.spans.insert(judged.spans.end(), session.absent.begin(), session.absent.end());
    if (!session.resume_marks.empty()) {
      lane.rows.push_back({"going on", std::move(session.resumed), std::move(session.resume_marks)});
    }
    if (!session.failed.empty() || !session.marks.empty()) {
      lane.rows.push_back({"notes", std::move(session.failed), std::move(session.marks)});
    }
    return lane;
  }

  const LaneSource& source_;
  std::map<std::string, SessionSpans> sessions_;
  std::vector<Switch> switches_;
  Milliseconds asked_at_{0};
};

}  // namespace

std::vector<Lane> session_lanes(const LaneSource& source) { return Sessions(source).read(); }

}  // namespace quotawatch
