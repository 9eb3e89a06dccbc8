#include "tests/endurance/long_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "sim/world/wordings.h"

namespace quotawatch::endurance {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr std::uint64_t seed = 2026;
constexpr std::size_t columns = 120;
constexpr std::size_t rows = 40;
constexpr seconds hook_takes{5};

Config make_config(const LongRunSetup& setup, const os::testing_support::TemporaryFolder& folder) {
  constexpr const char* text = R"({{"pool": {{"autonomous": {{"max": {}}}}},
    "accounts": [{{"name": "a"}}, {{"name": "b"}}, {{"name": "c"}}], "active_account": "a"}})";
  Config config = parse_config(fmt::format(text, setup.sessions), "long run");
  config.state_path = folder / "state.json";
  if (!setup.pack.empty()) {
    config.pack = folder / "pack.json";
    os::testing_support::write_file(config.pack, setup.pack);
  }
  return config;
}

// A state is synced thousands of times in a year, so use a folder in memory if there is one.
const char* folder_of_folders() {
  constexpr const char* in_memory = "/dev/shm";
  return ::access(in_memory, W_OK) == 0 ? in_memory : std::getenv("TMPDIR");
}

void refuse_trouble(std::string_view message) { throw std::runtime_error(std::string(message)); }

std::string make_sentence(std::size_t number, const std::vector<std::string_view>& words) {
  sim::Random random(number);
  std::string sentence;
  for (std::size_t count = random.between(4, 16); count > 0; --count) {
    if (!sentence.empty()) sentence += ' ';
    sentence += random.pick(words);
  }
  return sentence;
}

const std::vector<std::string_view> words_of_work{
    "the",   "tests", "pass", "branch", "is",     "ready",  "for",  "review", "parser", "reads",
    "each",  "row",   "once", "and",    "writes", "them",   "back", "in",     "order",  "without",
    "build", "takes", "now",  "12s",    "of",     "module", "main", "worker", "queue",  "cache"};
const std::vector<std::string_view> words_of_talk{
    "you've",  "hit",   "your",    "limit",     "usage",  "rate",    "5-hour",   "weekly", "resets",
    "at",      "8pm",   "reached", "exhausted", "quota",  "API",     "error:",   "529",    "too",
    "many",    "again", "try",     "retrying",  "credit", "balance", "upgrade",  "login",  "model",
    "session", "is",    "when",    "the",       "of",     "and",     "exceeded", "wait",   "until"};

// Fills up the pane with blank rows, as tmux returns it.
std::string fill_pane(std::string text) {
  const auto drawn = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  text.append(rows - std::min(drawn, rows), '\n');
  return text;
}

}  // namespace

// Finishes every request after five seconds, and unlike a fake keeps no record.
class LongRun::SoonDone final : public Switcher {
 public:
  SoonDone(sim::VirtualClock& clock, std::size_t& done) : clock_(clock), done_(done) {}

  void start(const SwitchRequest& request) override {
    clock_.schedule(clock_.now().steady + hook_takes, sim::VirtualClock::Order::switch_end,
                    [this, id = request.id]() -> std::optional<Wake> {
                      report_ = SwitchReport{id, true, ""};
                      ++done_;
                      return Wake::notified;
                    });
    busy_ = true;
  }
  std::optional<SwitchReport> take_report() override {
    if (report_) busy_ = false;
    return std::exchange(report_, std::nullopt);
  }
  bool busy() const override { return busy_; }
  void abandon() override {}

 private:
  sim::VirtualClock& clock_;
  std::size_t& done_;
  std::optional<SwitchReport> report_;
  bool busy_ = false;
};

LongRun::LongRun(const LongRunSetup& setup)
    : setup_(setup),
      folder_variable_("TMPDIR", folder_of_folders()),
      config_(make_config(setup, folder_)),
      clock_(*parse_wall("2026-01-01T00:00:00Z"), SteadyTime{setup.part * setup.parts}),
      store_(config_.state_path, os::FileStateStore::Access::read_write, refuse_trouble),
      journal_(folder_ / "journal.jsonl", refuse_trouble),
      switcher_(std::make_unique<SoonDone>(clock_, switches_done_)) {
  static const std::vector<ScreenKind> programs{ScreenKind::claude_code, ScreenKind::claude_code, ScreenKind::codex,
                                                ScreenKind::gemini};
  for (const auto& name : pool_sessions(config_.pool)) {
    sessions_.push_back({name, programs[sessions_.size() % programs.size()], sim::Random{0}});
  }
}

LongRun::~LongRun() = default;

void LongRun::run(const AtEndOfPart& at_end_of_part, const Around& around) {
  const auto outer = around ? around(journal_) : nullptr;
  Monitor monitor(config_, Zone::utc(), judges_, {clock_, tmux_, *switcher_, store_, outer ? *outer : journal_});
  begin_part(0);
  for (std::size_t session = 0; session < sessions_.size(); ++session) plan_change(session);
  for (int part = 1; part <= setup_.parts; ++part) {
    clock_.schedule(SteadyTime{setup_.part * part}, sim::VirtualClock::Order::event,
                    [&, part]() -> std::optional<Wake> {
                      at_end_of_part(monitor);
                      begin_part(part);
                      return std::nullopt;
                    });
  }
  if (setup_.settled) {
    clock_.schedule(SteadyTime{config_.quota.poll_interval * 3 / 2}, sim::VirtualClock::Order::event,
                    [this]() -> std::optional<Wake> {
                      setup_.settled();
                      return std::nullopt;
                    });
  }
  monitor.start();
  monitor.run();
}

void LongRun::begin_part(int part) {
  for (std::size_t session = 0; session < sessions_.size(); ++session) {
    sessions_[session].random = sim::Random(sim::seed_of_part(seed, session));
  }
  // Does the work of logrotate, so that the disk does not fill up.
  const auto journal = folder_ / "journal.jsonl";
  if (part > 0 && ::truncate(journal.c_str(), 0) != 0) refuse_trouble("the journal stays long");
}

void LongRun::plan_change(std::size_t session) {
  constexpr std::size_t second = 1000;
  const auto most = static_cast<std::size_t>(2 * setup_.change.count());
  const Milliseconds delay{static_cast<Milliseconds::rep>(sessions_[session].random.between(second, most))};
  clock_.schedule(clock_.now().steady + delay, sim::VirtualClock::Order::event,
                  [this, session]() -> std::optional<Wake> {
                    change(sessions_[session]);
                    plan_change(session);
                    return std::nullopt;
                  });
}

// Mostly work, often on something about limits, sometimes a limit or an error.
void LongRun::change(Session& session) {
  const auto drawn = session.random.below(100);
  if (drawn < 85) {
    sim::ScreenRecipe recipe;
    recipe.text = make_sentence(session.random.below(setup_.sentences), drawn < 40 ? words_of_work : words_of_talk);
    recipe.disguise = session.random.chance(1, 2) ? sim::Disguise::prose : sim::Disguise::output;
    recipe.wording = session.random.below(4);
    return show(session, recipe);
  }
  if (drawn < 90) return show_banner(session);
  if (drawn < 96) return show_notice(session);
  if (drawn < 98) return tmux_.fail(session.name, "timed out");
  tmux_.remove(session.name);
}

void LongRun::show_banner(Session& session) {
  const bool named = session.random.chance(4, 5);
  const auto known = sim::banners(session.program, sim::LimitKind::window, named);
  const auto& wording = *session.random.pick(known);
  const auto resets_at = sim::round_for_banner(clock_.now().wall + hours{3}, Zone::utc());
  sim::ScreenRecipe recipe;
  recipe.text = word(wording, resets_at, Zone::utc());
  recipe.place = wording.place;
  show(session, recipe);
}

void LongRun::show_notice(Session& session) {
  static const std::vector<Verdict> kinds{Verdict::warning, Verdict::throttled, Verdict::server_error, Verdict::auth};
  const auto known = sim::notices(session.program, session.random.pick(kinds));
  if (known.empty()) return;
  const auto& wording = *session.random.pick(known);
  const auto ends_at = sim::round_for_banner(clock_.now().wall + hours{3}, Zone::utc());
  sim::ScreenRecipe recipe;
  recipe.text = word(wording, ends_at, Zone::utc());
  recipe.place = wording.place;
  show(session, recipe);
}

// Every screen differs, because each follows another prompt.
void LongRun::show(const Session& session, sim::ScreenRecipe recipe) {
  recipe.program = session.program;
  recipe.width = columns;
  recipe.ask = fmt::format("go on with step {}", ++screens_shown_);
  recipe.talk = true;
  recipe.earlier_turns = 2;
  recipe.below = sim::Below::hint;
  tmux_.show(session.name, fill_pane(sim::draw_screen(recipe)), columns, rows);
}

}  // namespace quotawatch::endurance
