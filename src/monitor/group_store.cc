// What a group shares with other hosts: rules H1 to H4 of docs/design.md.
#include <cassert>
#include <utility>

#include "base/mutant.h"
#include "monitor/group.h"
#include "quotawatch/shared.h"

namespace quotawatch {
void Group::heed_store(Moment now) {
  assert(parts_.pool != nullptr);
  PoolStore& pool = *parts_.pool;
  if (!pool.why_away().empty()) note_store_away(state_);
  if (const auto answer = pool.take_answer(name())) {
    auto [next, decision] = heed(rules_, std::move(state_), *answer, now);
    if (decision.look_again && !is_paused(next, now.wall)) look_at_ = now.steady;
    carry_out(std::move(next), decision, now);
  }
  if (pool.busy(name()) || !pool.why_away().empty()) return;
  if (pool.take_news(name())) return pool.read(name());
  if (const auto write = next_write(rules_, state_, now.wall)) return pool.write(name(), write->expected, write->row);
  tell_store(now);
}

// One round trip more only if something is new, or if nothing was said for long: then it shows whether the store is
// still there, too.
void Group::tell_store(Moment now) {
  if (!state_.run.row_is_current) return;
  HostWord word{parts_.host, state_.shared->generation, state_.active_account, {}};
  if (told_ == word && now.steady < told_at_ + between_host_words) return;
  parts_.pool->tell(name(), word);
  told_ = std::move(word);
  told_at_ = now.steady;
}

}  // namespace quotawatch
