#include <algorithm>
#include <chrono>

#include "model.h"

namespace quotawatch::tests {

// The model of accounts: the choice of one, the end of a switch, commands of the operator, and restarts.

// Those in reserve only if there is no other.
std::vector<std::string> Model::free_accounts(WallTime now) const {
  std::vector<std::string> free;
  std::vector<std::string> reserve;
  for (const auto& account : accounts_) {
    const auto limit = limited_until_.find(account);
    if (account == active_ || (limit != limited_until_.end() && now < limit->second)) continue;
    const bool kept = std::count(reserve_.begin(), reserve_.end(), account) > 0;
    (kept ? reserve : free).push_back(account);
  }
  return free.empty() ? reserve : free;
}

// `early`: before the wall, and so of those that are known to be lower.
std::optional<std::string> Model::free_account(WallTime now, bool early) const {
  std::optional<std::string> best;
  const auto last_active = [this](const std::string& account) {
    const auto found = std::find(activations_.rbegin(), activations_.rend(), account);
    return activations_.rend() - found;  // 0: never
  };
  for (const auto& account : free_accounts(now)) {
    const bool reserve = std::count(reserve_.begin(), reserve_.end(), account) > 0;
    const auto use = known_use(account, now);
    if (early && (reserve || !use || *use > std::max(quota_.switch_at.value - 10, 0))) continue;
    if (drains_) return account;
    if (!best || last_active(account) < last_active(*best)) best = account;
  }
  return best;
}

WallTime Model::next_free() const {
  std::vector<WallTime> instants;
  for (const auto& account : accounts_) {
    if (account != active_) instants.push_back(limited_until_.at(account));
  }
  if (instants.empty()) return limited_until_.at(active_);
  return *std::min_element(instants.begin(), instants.end());
}

// A1.
Outcome Model::end(const std::string& id, bool done, Moment now) {
  if (!in_flight_ || in_flight_id() != id) return {};
  Asked& ended = switches_[*in_flight_];
  Event ended_event = event(done ? EventKind::switch_done : EventKind::switch_failed, now);
  ended_event.id = id;
  ended_event.from = ended.request.from;
  ended_event.to = ended.request.to;
  if (done) {
    ended_event.sessions = last_hits_;
    ended.done_at = now.wall;
    ended.done_poll = polls_;
    last_done_ = in_flight_;
    const bool again = untaken_ && untaken_->from == ended.request.from && untaken_->to == ended.request.to;
    if (again) untaken_->requested_again = true;
    if (!again) untaken_.reset();
    stopped_.clear();
    again_.clear();
    for (const auto& [session, shown] : ended.shown) {
      if (stood_when_done(ended, session)) stopped_.insert(session);
    }
    for (auto& said : said_[ended.request.from]) {
      if (quota_.switch_at.value > 0 && said.percent >= quota_.switch_at.value) said.left_until.insert(end_of(said));
    }
    cooldown_began_ = now.steady;
    active_ = ended.request.to;
    activations_.push_back(active_);
    eras_.push_back({active_, ended.request.asked_at});
    said_stale_.clear();
    failures_ = 0;
    retry_at_.reset();
  } else {
    ended_event.retry_at = wait_after_failure(now);
  }
  in_flight_.reset();
  return {{ended_event}, std::nullopt};
}

// A manual switch is done at once.
void Model::use(const std::string& account, Moment now) {
  Asked by_hand{{"by hand", active_, account, "", "", std::nullopt, now.wall}, polls_, now.wall, {}, {}};
  if (const auto limit = limited_until_.find(active_); limit != limited_until_.end()) {
    by_hand.request.reset_at = limit->second;
  }
  for (const auto& seen : history_) {
    const Seen* shown = last_banner(seen.session);
    if (shown == nullptr) continue;
    if (shown->screen->context == Context::block && shown->poll <= run_began_) {
      by_hand.banners[seen.session] = shown->screen->banner;
    } else {
      by_hand.shown[seen.session] = *shown->screen;
    }
  }
  untaken_.reset();
  stopped_.clear();
  again_.clear();
  for (const auto& seen : history_) {
    if (last_banner(seen.session) != nullptr) stopped_.insert(seen.session);
  }
  last_done_ = switches_.size();
  switches_.push_back(std::move(by_hand));
  cooldown_began_ = now.steady;
  active_ = account;
  activations_.push_back(active_);
  eras_.push_back({active_, now.wall});
  said_stale_.clear();
  failures_ = 0;
  retry_at_.reset();
  suspicion_.reset();
  said_exhausted_ = false;
}

// The operator, who frees an account, knows better than what stands on its sessions.
void Model::ignore_standing(const std::string& account) {
  for (const auto& seen : history_) {
    const bool its = account != active_ && account_of(seen.session) == account && last_banner(seen.session) != nullptr;
    if (its) charged_[seen.session] = {account, polls_, true};
  }
  for (auto& [session, charge] : charged_) charge.learnt = charge.learnt || charge.account == account;
}

Outcome Model::obey(const AccountCommand& command, Moment now) {
  const bool known = std::find(accounts_.begin(), accounts_.end(), command.account) != accounts_.end();
  if (!known) return {};
  Event done = event(EventKind::account, now);
  done.account = command.account;
  if (command.kind == AccountCommand::Kind::free) {
    done.reason = "free";
    if (limited_until_.erase(command.account) == 0) return {};
    said_.erase(command.account);
    used_up_.erase(command.account);
    ignore_standing(command.account);
    if (untaken_ && untaken_->from == command.account) untaken_.reset();
  } else {
    if (in_flight_ || command.account == active_) return {};
    done.reason = "use";
    done.from = active_;
    use(command.account, now);
  }
  return {{done}, std::nullopt};
}

void Model::kill() {
  run_began_ = polls_;
  last_hits_.clear();
  suspicion_.reset();
  retry_at_.reset();
  failures_ = 0;
}

Outcome Model::restart(Moment now) {
  kill();
  if (last_done_) {
    const Milliseconds ago = now.wall - switches_[*last_done_].done_at;
    cooldown_began_ = now.steady - std::max(ago, Milliseconds{0});
  }
  if (!in_flight_) return {};
  const SwitchRequest& request = switches_[*in_flight_].request;
  Event resumed = event(EventKind::switch_resumed, now);
  resumed.id = request.id;
  resumed.from = request.from;
  resumed.to = request.to;
  resumed.reset_at = request.reset_at;
  return {{resumed}, request};
}

std::vector<WallTime> Model::switch_times() const {
  std::vector<WallTime> times;
  for (const auto& era : eras_) {
    if (era.since != WallTime::min()) times.push_back(era.since);
  }
  return times;
}

std::vector<Milliseconds> Model::boundaries(const std::vector<Pane>& panes, Moment now) const {
  std::vector<Milliseconds> gaps{quota_.poll_interval};
  if (cooldown_began_) gaps.push_back(*cooldown_began_ + quota_.cooldown - now.steady);
  if (retry_at_) gaps.push_back(*retry_at_ - now.steady);
  if (suspicion_) gaps.push_back(suspicion_->since + 3 * quota_.poll_interval - now.steady);
  for (const auto& [account, until] : limited_until_) gaps.push_back(until - now.wall);
  for (const auto& pane : panes) {
    if (pane.kind != Pane::Kind::screen || looks_at(pane.session).empty()) continue;
    if (!looks_at(pane.session).back()->screen) continue;
    if (!pane.screen.banner.empty()) gaps.push_back(stands_since(pane.session) + quota_.lone_after - now.steady);
    if (const auto reset = reset_of(pane, now.wall).at) {
      gaps.push_back(*reset - now.wall);
      gaps.push_back(*reset + std::chrono::minutes{5} - now.wall);
    }
  }
  std::erase_if(gaps, [](Milliseconds gap) { return gap <= Milliseconds{1}; });
  return gaps;
}

}  // namespace quotawatch::tests
