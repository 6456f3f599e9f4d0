// The one file that holds doctest itself and main(); the tests are in the others.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
