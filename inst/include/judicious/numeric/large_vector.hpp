// Vectors of many megabytes that are read and written in random order. Where the system offers
// large pages they lie in such: addresses are then looked up in far fewer steps.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>
#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace judicious {

template <class T>
struct LargeAllocator {
  using value_type = T;
  static constexpr std::size_t page = std::size_t{1} << 21;

  LargeAllocator() = default;
  template <class U>
  explicit LargeAllocator(const LargeAllocator<U>&) {}

  T* allocate(std::size_t n) {
#if defined(__linux__)
    if (n * sizeof(T) >= 2 * page) {
      const std::size_t bytes = (n * sizeof(T) + page - 1) / page * page;
      void* const out = std::aligned_alloc(page, bytes);
      if (out == nullptr) throw std::bad_alloc();
      madvise(out, bytes, MADV_HUGEPAGE);  // a wish: nothing is lost where it is not granted
      return static_cast<T*>(out);
    }
#endif
    if (void* const out = std::malloc(n * sizeof(T))) return static_cast<T*>(out);
    throw std::bad_alloc();
  }
  void deallocate(T* at, std::size_t) { std::free(at); }

  template <class U>
  bool operator==(const LargeAllocator<U>&) const {
    return true;
  }
  template <class U>
  bool operator!=(const LargeAllocator<U>&) const {
    return false;
  }
};

template <class T>
using LargeVector = std::vector<T, LargeAllocator<T>>;

}  // namespace judicious
