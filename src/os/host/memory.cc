#include "os/host/memory.h"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>

namespace quotawatch::os {
namespace {

// Code and constants: read-only pages that can be read back from the file. Writable segments
// contain what the loader and the program put there.
int drop_read_only_segments(dl_phdr_info* object, std::size_t /*size*/, void* /*context*/) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const auto begin = (object->dlpi_addr + segment.p_vaddr + page - 1) / page * page;
    const auto end = (object->dlpi_addr + segment.p_vaddr + segment.p_filesz) / page * page;
    if (end <= begin) continue;
    // The loader reports addresses as numbers.
    auto* const pages = reinterpret_cast<void*>(begin);  // NOLINT(performance-no-int-to-ptr)
    ::madvise(pages, end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void keep_large_blocks_apart() { ::mallopt(M_MMAP_THRESHOLD, 128 << 10); }  // NOLINT(concurrency-mt-unsafe)

void give_back_free_memory() { ::malloc_trim(0); }

std::size_t resident_memory() {
  std::size_t pages = 0;
  std::size_t resident = 0;
  std::ifstream file("/proc/self/statm");
  file >> pages >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void give_back_memory() {
  give_back_free_memory();
  ::dl_iterate_phdr(drop_read_only_segments, nullptr);
}

}  // namespace quotawatch::os
