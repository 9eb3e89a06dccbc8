#include "tests/endurance/meter.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> bytes{0};
std::atomic<std::size_t> allocations{0};

// The size is stored before each block, in a header that keeps the block aligned.
constexpr std::size_t front = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

void* allocate(std::size_t size) {
  auto* const whole = static_cast<char*>(std::malloc(front + size));
  if (whole == nullptr) throw std::bad_alloc();
  new (whole) std::size_t(size);
  bytes.fetch_add(size, std::memory_order_relaxed);
  allocations.fetch_add(1, std::memory_order_relaxed);
  return whole + front;
}

void release(void* piece) {
  if (piece == nullptr) return;
  char* const whole = static_cast<char*>(piece) - front;
  bytes.fetch_sub(*reinterpret_cast<std::size_t*>(whole), std::memory_order_relaxed);
  std::free(whole);
}

}  // namespace

// The other overloads of the library call these.
void* operator new(std::size_t size) { return allocate(size); }
void operator delete(void* piece) noexcept { release(piece); }
void operator delete(void* piece, std::size_t /*size*/) noexcept { release(piece); }

namespace quotawatch::endurance {

HeapUse measure_heap() { return {bytes.load(), allocations.load()}; }

}  // namespace quotawatch::endurance
