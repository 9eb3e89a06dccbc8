// States: a state that is parsed, saved and parsed again is the same.
#include "fuzzing.h"
#include "quotawatch/state.h"

namespace quotawatch::fuzzing {

void try_input(std::string_view input) {
  const auto state = accepted(input, "state.json", [&] { return parse_state(input, "state.json"); });
  if (!state) return;
  const std::string saved = to_json(*state);
  const State again = parse_state(saved, "saved");
  check(same_saved(*state, again), "the state survives being saved");
  check(to_json(again) == saved, "the same state is saved alike");
}

}  // namespace quotawatch::fuzzing
