// How the core runs loops in parallel without knowing any thread library.
//
// A caller hands over an Executor; the core asks it to run `task(i)` for every i
// in [0, n). Work is always cut into the same pieces whatever the executor, and
// results are combined in index order, so they do not depend on the number of
// threads.
#pragma once

#include <cstddef>
#include <functional>

namespace judicious {

using Task = std::function<void(std::size_t)>;
using Executor = std::function<void(std::size_t n, const Task& task)>;

// Runs the tasks one after the other on the calling thread.
inline Executor serial_executor() {
  return [](std::size_t n, const Task& task) {
    for (std::size_t i = 0; i < n; ++i) task(i);
  };
}

}  // namespace judicious
