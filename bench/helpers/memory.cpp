// Gives memory that was freed back to the system, where it can be asked to.
#include <Rcpp.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

// [[Rcpp::export]]
void give_back() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}
