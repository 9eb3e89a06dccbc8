// quotawatch simulate: random fleets, faults and clocks from seeds.
#include <fmt/format.h>

#include <memory>

#include "commands/commands.h"
#include "commands/console.h"
#include "sim/seed_run.h"

namespace quotawatch {
namespace {
struct Options {
  std::string seed;
  std::uint64_t first=1,last=1;
  double days=30; std::size_t jobs=1; std::vector<std::string> set; bool usual=false; bool every=false;
};
int run(const Options& o){
  sim::SeedRun run;
  for (auto s=o.first;s<=o.last;++s) run.seeds.push_back(s);
  run.jobs=o.jobs;
  run.every_crash=o.every;
  run.options.duration=Milliseconds{static_cast<std::int64_t>(o.days*86400000)};
  for (auto&s:o.set) run.options.settings.push_back(sim::parse_knob(s));
  if (!o.seed.empty()) { sim::SimulationTools t; auto op=run.options; op.seed=o.first; op.record=true; auto r=sim::simulate(op,t); print_out(sim::write_transcript(*r.recording)); for(auto&j:r.journal) print_out(fmt::format("# {} {} {}\n",j.offset.count(),j.run,to_json(j.event))); return 0;}
  sim::Reach reach; sim::Quality q; std::size_t bad=0;
  sim::run_seeds(run,[&](const sim::SimulationResult& r){
    reach+=r.reach; q.polls+=r.quality.polls; q.switches+=r.quality.switches; q.doubtful_switches+=r.quality.doubtful_switches; q.false_switches+=r.quality.false_switches; q.exhaustions+=r.quality.exhaustions; q.missed+=r.quality.missed;
    if(!r.violations.empty()){++bad; for(auto&v:r.violations) print_out(fmt::format("seed {} @{} {}: {}{}\n",r.seed,v.offset.count()/1000,v.invariant,v.what, r.crash_moment? fmt::format(" crash {}",*r.crash_moment):""));}
  },{});
  print_out(fmt::format("polls {} switches {} doubtful {} false {} exhaustions {} missed {} bad seeds {}\n",q.polls,q.switches,q.doubtful_switches,q.false_switches,q.exhaustions,q.missed,bad));
  for(std::size_t i=0;i<sim::mark_count;++i) print_out(fmt::format("{} {}\n",sim::mark_name(static_cast<sim::Mark>(i)),reach.times[i]));
  return bad?3:0;
}
}
void add_simulate(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("simulate", "x");
  command->add_option("--dump",options->seed);
  command->add_option("--first",options->first);
  command->add_option("--last",options->last);
  command->add_option("--days",options->days);
  command->add_option("--jobs",options->jobs);
  command->add_option("--set",options->set);
  command->add_flag("--every-crash",options->every);
  command->callback([options,&chosen]{chosen=[options]{return run(*options);};});
}
}
