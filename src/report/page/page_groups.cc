#include "report/page/page_groups.h"

#include <set>
#include <string>

namespace quotawatch {
namespace {

bool is_of(const Config& group, const std::set<std::string>& sessions, const Event& event) {
  if (event.kind == EventKind::typed) return sessions.contains(event.session.value_or(""));
  return !event.group || *event.group == group.group;
}

GroupPart part_of(const PageRun& run, const Config& group) {
  const auto names = session_names(group);
  const std::set<std::string> sessions(names.begin(), names.end());
  GroupPart part{run.transcript, {}};
  part.transcript.config = group;
  std::erase_if(part.transcript.events, [&](const TranscriptEvent& event) {
    const auto session = session_of(event.action);
    return session && !sessions.contains(*session);
  });
  for (const auto& entry : run.journal) {
    if (is_of(group, sessions, entry.event)) part.journal.push_back(entry);
  }
  return part;
}

}  // namespace

std::vector<PageRun> one_run_a_group(const std::vector<PageRun>& runs, std::list<GroupPart>& parts) {
  std::vector<PageRun> all;
  for (const auto& run : runs) {
    const Config& config = run.transcript.config;
    if (config.groups.empty()) {
      all.push_back(run);
      continue;
    }
    for (const auto& group : groups_of(config)) {
      const GroupPart& part = parts.emplace_back(part_of(run, group));
      all.push_back({run.title + ", group " + group.group, part.transcript, part.journal, run.violations, run.passed,
                     run.report});
    }
  }
  return all;
}

}  // namespace quotawatch
