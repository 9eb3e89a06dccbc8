// The output of `quotawatch simulate --json`, of all the shards of a run, put together.
#pragma once

#include <string>
#include <vector>

#include "report/seed_report.h"

namespace quotawatch {

// In the order of the seeds. `seeds`: those that there must be ("1..2000"); empty: a gap is told and allowed. Throws
// InputError if a file is not what --json wrote, if a seed stands there twice, and if one is missing.
std::vector<SeedReport> read_seed_reports(const std::vector<std::string>& files, const std::string& seeds);

}  // namespace quotawatch
