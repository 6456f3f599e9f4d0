// Short ways to write vectors in tests.
#pragma once

#include <Eigen/Dense>
#include <initializer_list>

inline Eigen::VectorXd doubles(std::initializer_list<double> values) {
  return Eigen::Map<const Eigen::VectorXd>(values.begin(), static_cast<int>(values.size()));
}

inline Eigen::VectorXi integers(std::initializer_list<int> values) {
  return Eigen::Map<const Eigen::VectorXi>(values.begin(), static_cast<int>(values.size()));
}
