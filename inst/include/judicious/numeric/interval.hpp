// An interval of real numbers.
#pragma once

namespace judicious {

struct Interval {
  double low, high;
};

}  // namespace judicious
