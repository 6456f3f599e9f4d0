// The whole core of judicious: valid numbers from judges and a few human labels.
// Header-only; needs C++17 and Eigen.
#pragma once

#include <judicious/allocation.hpp>
#include <judicious/bootstrap.hpp>
#include <judicious/codes.hpp>
#include <judicious/cost_optimal.hpp>
#include <judicious/coverage.hpp>
#include <judicious/distributions.hpp>
#include <judicious/inference.hpp>
#include <judicious/intervals.hpp>
#include <judicious/mean.hpp>
#include <judicious/plan.hpp>
#include <judicious/random.hpp>
#include <judicious/sampling.hpp>
#include <judicious/simulate.hpp>
