#include "os/records/hook_message.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json_document.h"
#include "base/text.h"

namespace quotawatch::os {
namespace {

// Takes the texts of the outermost object, and stops at the first end of what is needed.
class HookInput final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::optional<HookMessage> message() const {
    if (event_ != "StopFailure" || message_.error.empty()) return std::nullopt;
    return message_;
  }

  bool start_object(std::size_t /*elements*/) override { return ++depth_ > 0; }
  bool end_object() override { return --depth_ > 0; }
  bool start_array(std::size_t /*elements*/) override { return depth_++ > 0; }
  bool end_array() override { return --depth_ > 0; }
  bool key(string_t& name) override {
    key_ = depth_ == 1 ? name : "";
    return true;
  }
  bool string(string_t& value) override {
    const auto found = std::ranges::find(wanted_, key_, &Wanted::first);
    if (depth_ == 1 && found != wanted_.end()) *found->second = std::move(value);
    return !std::ranges::all_of(wanted_, [](const Wanted& one) { return !one.second->empty(); });
  }
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  using Wanted = std::pair<std::string_view, std::string*>;

  HookMessage message_;
  std::string event_;
  std::array<Wanted, 4> wanted_{Wanted{"hook_event_name", &event_}, Wanted{"error", &message_.error},
                                Wanted{"session_id", &message_.conversation}, Wanted{"cwd", &message_.folder}};
  int depth_ = 0;
  std::string key_;
};

}  // namespace

std::optional<HookMessage> read_hook_input(std::string_view text) {
  HookInput input;
  nlohmann::json::sax_parse(text, &input);
  return input.message();
}

std::string to_datagram(const HookMessage& message) {
  return dump_line(nlohmann::ordered_json{{"error", message.error},
                                          {"session_id", message.conversation},
                                          {"cwd", message.folder},
                                          {"pane", message.pane},
                                          {"server", message.server}});
}

std::optional<HookMessage> read_datagram(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  HookMessage message{text_of(json, "error"), text_of(json, "session_id"), text_of(json, "cwd"), text_of(json, "pane"),
                      text_of(json, "server")};
  if (message.error.empty()) return std::nullopt;
  return message;
}

std::string server_in(std::string_view variable) {
  const auto path = take_until(variable, ',');
  return std::string(path.substr(path.rfind('/') + 1));
}

Testimony::Says says(const HookMessage& message) {
  return message.error == "rate_limit" ? Testimony::Says::rate_limited : Testimony::Says::failed;
}

}  // namespace quotawatch::os
