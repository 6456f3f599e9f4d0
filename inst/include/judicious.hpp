// The whole core of judicious: valid numbers from judges and a few human labels.
// Header-only; needs C++17 and Eigen.
#pragma once

#include <judicious/bootstrap.hpp>
#include <judicious/codes.hpp>
#include <judicious/distributions.hpp>
#include <judicious/intervals.hpp>
#include <judicious/mean.hpp>
#include <judicious/random.hpp>
#include <judicious/sampling.hpp>
#include <judicious/simulate.hpp>
