// The one rule by which a share of raters exceeds a threshold. Decisions about
// items and thresholded response sets both use it.
#pragma once

namespace judicious {

// Strictly more than tau. Shares are sums of rounded numbers, so a share within
// 1e-12 of tau counts as equal to it: 0.1 + 0.2 does not exceed 0.3.
inline bool exceeds(double share, double tau) {
  constexpr double rounding = 1e-12;
  return share - tau > rounding;
}

}  // namespace judicious
