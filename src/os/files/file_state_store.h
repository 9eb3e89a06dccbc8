// The state in a file that survives crashes and power cuts: the StateStore of `run`.
//
// Beside PATH there are PATH.previous (the generation before), PATH.lock (held for the lifetime of
// this object), PATH.new (during a save) and PATH.damaged-N (damaged files set aside).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "os/log.h"
#include "os/loop/file_descriptor.h"
#include "quotawatch/state_store.h"

namespace quotawatch::os {

class FileStateStore final : public StateStore {
 public:
  enum class Access {
    read_write,  // one process at a time, by a lock
    read_only,   // for dry runs: no lock, and saving does nothing
  };

  // Throws InputError if another process, which the message names, holds the lock, or if others
  // could change any of the files. `log` gets a line when a damaged state was set aside.
  FileStateStore(const std::string& path, Access access, Log log);

  // Throws InputError, naming the obstacle, if states cannot be saved here.
  void require_savable() const;

  std::optional<State> load() override;
  std::optional<std::string> save(const State& state) override;

 private:
  struct Generation;

  void lock();
  static Generation read(const std::string& path);
  State fall_back(const Generation& present, const Generation& previous);
  std::string set_aside();
  bool is_worth_keeping() const;

  std::string path_;
  bool in_shared_folder_ = false;
  Access access_;
  Log log_;  // gets a line when a damaged state was set aside
  FileDescriptor lock_;
  bool present_is_good_ = true;              // if false, it must not replace the previous generation
  std::optional<std::string> present_text_;  // as last read or written; empty before that
};

}  // namespace quotawatch::os
