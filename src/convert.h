// Everything that translates between R and the core: column views, random
// streams, threads. Bindings include this and nothing else of R.
#pragma once

#include <RcppEigen.h>
#include <RcppThread.h>
#include <xoshiro.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <judicious/numeric/parallel.hpp>
#include <judicious/numeric/random.hpp>

namespace convert {

using Generator = dqrng::xoshiro256plus;

// One 64-bit seed drawn from R's generator, so that set.seed() governs.
// Exported functions hold Rcpp's RNG scope while this runs.
inline std::uint64_t base_seed() {
  const auto word = [] { return static_cast<std::uint64_t>(R::unif_rand() * 4294967296.0); };
  const std::uint64_t high = word();
  return (high << 32) | word();
}

// Runs tasks on `threads` threads; interrupts are polled on the main thread.
inline judicious::Executor executor(int threads) {
  return [threads](std::size_t n, const judicious::Task& task) {
    if (threads <= 1) {
      for (std::size_t i = 0; i < n; ++i) {
        task(i);
        Rcpp::checkUserInterrupt();
      }
      return;
    }
    RcppThread::parallelFor(0, n, task, static_cast<std::size_t>(threads));
  };
}

// The same in waves; tick(n) is called on the main thread after n more tasks. Threads meet and R is
// called once per wave, so waves grow until one takes long enough for that not to matter.
inline judicious::Executor executor_with_progress(int threads, const Rcpp::Function& tick) {
  return [threads, tick](std::size_t n, const judicious::Task& task) {
    using Clock = std::chrono::steady_clock;
    constexpr auto long_enough = std::chrono::milliseconds(50);
    const auto run = executor(threads);
    auto wave = static_cast<std::size_t>(std::max(threads, 1));
    for (std::size_t from = 0, size; from < n; from += size) {
      size = std::min(wave, n - from);
      const auto start = Clock::now();
      run(size, [&](std::size_t i) { task(from + i); });
      if (Clock::now() - start < long_enough) wave *= 4;
      tick(static_cast<double>(size));
    }
  };
}

// Independent streams of one base seed: streams(b) is the generator of replicate b.
struct Streams {
  std::uint64_t base;
  Generator operator()(std::uint64_t b) const { return Generator(judicious::stream_seed(base, b)); }
};

}  // namespace convert
