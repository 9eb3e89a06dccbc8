#include "sim/world/screen_cache.h"

#include <array>
#include <cassert>

#include "sim/screens/random.h"
#include "sim/world/wordings.h"
#include "sim/world/zones.h"

namespace quotawatch::sim {
namespace {

constexpr auto disguises =
    std::to_array<Disguise>({Disguise::quoted, Disguise::prose, Disguise::code, Disguise::diff, Disguise::output,
                             Disguise::prompt, Disguise::draft, Disguise::earlier});

// Talk about limits: quotes a banner with an arbitrary time.
std::string talk_of(ScreenKind program, std::size_t variant) {
  const auto about = banners(program, LimitKind::window, variant % 4 != 0);
  const Zone zone = simulated_zone(variant);
  const WallTime time = *parse_wall("2026-11-23T19:00:00Z");
  return word(*about[variant % about.size()], time, zone);
}

ScreenRecipe recipe_of(const ScreenKey& key) {
  Random random(key.variant);
  ScreenRecipe recipe;
  recipe.program = key.program;
  recipe.width = key.columns;
  recipe.place = places_of(key.program, RegionKind::turn).front();
  recipe.text = "Updated the uploader.";
  recipe.talk = true;
  recipe.header = random.chance(1, 3);
  recipe.earlier_turns = random.below(4);
  recipe.earlier_error = random.chance(1, 4);
  recipe.status_line = random.chance(1, 2);
  recipe.blank_at_end = random.below(6);
  recipe.disguise = Disguise::prose;  // the user's words, not the program's
  switch (key.kind) {
    case ScreenKey::Kind::idle:
      recipe.below = Below::done;
      if (random.chance(1, 4)) recipe.draft = "and now the tests of the uploader";
      break;
    case ScreenKey::Kind::working:
      recipe.below = Below::spinner;
      recipe.tasks = random.below(8);
      break;
    case ScreenKey::Kind::asked:
      recipe.text.clear();
      recipe.talk = false;
      recipe.disguise = Disguise::draft;
      recipe.below = Below::spinner;
      break;
    case ScreenKey::Kind::talk:
      recipe.text = talk_of(key.program, key.variant);
      recipe.disguise = disguises[key.variant % disguises.size()];
      recipe.wording = random.below(6);
      recipe.below = random.chance(1, 2) ? Below::spinner : Below::done;
      break;
  }
  return recipe;
}

}  // namespace

std::shared_ptr<const std::string> ScreenCache::screen(const ScreenKey& key) {
  auto& screen = screens_[key];
  if (!screen) screen = std::make_shared<const std::string>(draw_screen(recipe_of(key)));
  return screen;
}

}  // namespace quotawatch::sim
