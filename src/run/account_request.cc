#include "run/account_request.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <nlohmann/json.hpp>

#include "base/enum_names.h"
#include "base/json_document.h"

namespace quotawatch {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view busy = "busy";
constexpr EnumNames<CommandAnswer::Outcome::wrong> outcomes{"done", "unchanged", "refused", "wrong"};

}  // namespace

std::string to_json(const AccountRequest& request) {
  assert(!request.command.account.empty());
  Json question{{"ask", "account"},
                {"do", account_command_name(request.command.kind)},
                {"account", request.command.account},
                {"valid_until", format_wall(request.valid_until)}};
  if (!request.command.group.empty()) question["group"] = request.command.group;
  return dump_line(question);
}

AccountRequest read_account_request(const JsonValue& question) {
  const auto object = question.object({"ask", "do", "account", "group", "valid_until"});
  const auto verb = object.require("do");
  const auto kind = find_account_command(verb.string());
  if (!kind) verb.fail("should be free or use");
  const auto group = object.find("group");
  return {{*kind, object.require("account").string(), group ? group->string() : ""},
          object.require("valid_until").wall_time()};
}

std::string to_json(const std::optional<CommandAnswer>& answer) {
  if (!answer) return dump_line(Json{{"outcome", busy}, {"words", ""}});
  return dump_line(Json{{"outcome", outcomes.name(answer->outcome)}, {"words", answer->words}});
}

std::optional<CommandAnswer> read_command_answer(std::string_view text, const std::string& origin) {
  const JsonDocument document(text, origin);
  const auto object = JsonValue(document).object({"outcome", "words", "error"});
  if (const auto error = object.find("error")) error->fail(error->string());
  const auto outcome = object.require("outcome");
  const std::string name = outcome.string();
  if (name == busy) return std::nullopt;
  const auto found = outcomes.find(name);
  if (!found) outcome.fail("is no outcome of a command");
  return CommandAnswer{*found, object.require("words").string()};
}

}  // namespace quotawatch
