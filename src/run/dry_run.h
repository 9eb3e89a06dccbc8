// The parts of a run without side effects: switches are journalled as not carried out, and no state
// is saved.
//
// Created by Production for `--dry-run` and for configs without a hook.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "quotawatch/journal.h"
#include "quotawatch/state_store.h"

namespace quotawatch {

// A journal that marks each switch as not carried out.
class DryRunJournal final : public Journal {
 public:
  explicit DryRunJournal(Journal& journal) : journal_(journal) {}

  void write(const Event& event) override {
    Event marked = event;
    const bool about_switch = event.kind == EventKind::switch_ || event.kind == EventKind::switch_done ||
                              event.kind == EventKind::switch_resumed || event.kind == EventKind::resume;
    if (about_switch) marked.dry_run = true;
    journal_.write(marked);
  }

 private:
  Journal& journal_;
};

// For runs without a config, which have nowhere to store a state.
class NoStateStore final : public StateStore {
 public:
  std::optional<State> load() override { return std::nullopt; }
  std::optional<std::string> save(const State& /*state*/) override { return std::nullopt; }
};

// For runs without a hook: loads the state and holds its lock, but saves nothing, because a switch
// that is not carried out must not be remembered.
class UnchangedStateStore final : public StateStore {
 public:
  explicit UnchangedStateStore(std::unique_ptr<StateStore> store) : store_(std::move(store)) {}

  std::optional<State> load() override { return store_->load(); }
  std::optional<std::string> save(const State& /*state*/) override { return std::nullopt; }

 private:
  std::unique_ptr<StateStore> store_;
};

}  // namespace quotawatch
