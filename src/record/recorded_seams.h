// The seams of a monitor with a flight recorder listening: decorators over any others.
//
// Put by `run` (and by tests) between the real parts and the monitor.
#pragma once

#include <string>
#include <vector>

#include "quotawatch/monitor.h"
#include "record/flight_recorder.h"

namespace quotawatch {

class RecordedSeams {
 public:
  RecordedSeams(FlightRecorder& recorder, const MonitorParts& parts)
      : recorder_(recorder),
        clock_(*this, parts.clock),
        tmux_(*this, parts.tmux),
        switcher_(*this, parts.switcher),
        store_(*this, parts.store),
        journal_(*this, parts.journal),
        observer_(parts.observer) {}
  RecordedSeams(const RecordedSeams&) = delete;
  RecordedSeams& operator=(const RecordedSeams&) = delete;

  MonitorParts parts() { return {clock_, tmux_, switcher_, store_, journal_, observer_}; }

  // Recording begins: of this monitor, just made with parts(). It must outlive its run.
  void watch(const Monitor& monitor, const Config& config, const Zone& zone);
  // It goes on with another config.
  void configured(const Config& config, const Zone& zone) { recorder_.begin_again(config, zone); }

 private:
  class RecordedClock final : public Clock {
   public:
    RecordedClock(RecordedSeams& seams, Clock& clock) : seams_(seams), clock_(clock) {}
    Moment now() const override;
    Wake wait_until(SteadyTime deadline) override;

   private:
    RecordedSeams& seams_;
    Clock& clock_;
  };
  class RecordedTmux final : public Tmux {
   public:
    RecordedTmux(RecordedSeams& seams, Tmux& tmux) : seams_(seams), tmux_(tmux) {}
    TmuxCapture capture(const std::vector<std::string>& sessions) override;

   private:
    RecordedSeams& seams_;
    Tmux& tmux_;
  };
  class RecordedSwitcher final : public Switcher {
   public:
    RecordedSwitcher(RecordedSeams& seams, Switcher& switcher)
        : seams_(seams), switcher_(switcher) {}
    void start(const SwitchRequest& request) override;
    std::optional<SwitchReport> take_report() override;
    bool busy() const override { return switcher_.busy(); }
    void abandon() override { switcher_.abandon(); }

   private:
    RecordedSeams& seams_;
    Switcher& switcher_;
  };
  class RecordedStore final : public StateStore {
   public:
    RecordedStore(RecordedSeams& seams, StateStore& store) : seams_(seams), store_(store) {}
    std::optional<State> load() override { return store_.load(); }
    std::optional<std::string> save(const State& state) override;

   private:
    RecordedSeams& seams_;
    StateStore& store_;
  };
  class RecordedJournal final : public Journal {
   public:
    RecordedJournal(RecordedSeams& seams, Journal& journal) : seams_(seams), journal_(journal) {}
    void write(const Event& event) override;

   private:
    RecordedSeams& seams_;
    Journal& journal_;
  };

  FlightRecorder& recorder_;
  const Monitor* monitor_ = nullptr;
  std::optional<Moment> began_;  // the first moment that anybody asked for
  Moment last_;                  // the last one: what whoever acts takes for now
  RecordedClock clock_;
  RecordedTmux tmux_;
  RecordedSwitcher switcher_;
  RecordedStore store_;
  RecordedJournal journal_;
  DecisionObserver* observer_;  // sees decisions as they are
};

}  // namespace quotawatch
