#include <Rcpp.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

// Codes of strings by their place in memory: R keeps every string once, so that equal pointers are
// equal strings, and a row costs one look-up instead of a hash of its characters.
class PointerCodes {
 public:
  PointerCodes() : slots_(1024) {}

  int code(SEXP string) {
    const Slot& slot = slots_[place(string)];
    return slot.string == string ? slot.code : find(string);
  }

  std::vector<SEXP> keys;

 private:
  struct Slot {
    SEXP string = nullptr;
    int code = 0;
  };

  int find(SEXP string) {
    std::size_t at = place(string);
    while (slots_[at].string != nullptr && slots_[at].string != string) at = (at + 1) & mask();
    if (slots_[at].string == nullptr) {
      if (2 * (keys.size() + 1) > slots_.size()) {
        grow();
        return find(string);
      }
      keys.push_back(string);
      slots_[at] = {string, static_cast<int>(keys.size())};
    }
    return slots_[at].code;
  }

  std::size_t mask() const { return slots_.size() - 1; }
  std::size_t place(SEXP string) const {
    const auto bits = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(string) >> 4);
    return (bits * 0x9E3779B97F4A7C15ULL >> 20) & mask();
  }
  void grow() {
    std::vector<Slot> old(2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.string == nullptr) continue;
      std::size_t at = place(slot.string);
      while (slots_[at].string != nullptr) at = (at + 1) & mask();
      slots_[at] = slot;
    }
  }

  std::vector<Slot> slots_;
};

// Bytes until there are too many distinct strings for them.
SEXP codes_of(SEXP strings, PointerCodes& found) {
  const R_xlen_t n = Rf_xlength(strings);
  const SEXP* from = STRING_PTR_RO(strings);
  Rcpp::RawVector bytes(Rcpp::no_init(n));
  Rbyte* const to_byte = bytes.begin();
  R_xlen_t i = 0;
  for (int code = 0; i < n; ++i) {
    code = found.code(from[i]);
    if (code > std::numeric_limits<Rbyte>::max()) break;
    to_byte[i] = static_cast<Rbyte>(code);
  }
  if (i == n) return bytes;
  Rcpp::IntegerVector codes(Rcpp::no_init(n));
  std::copy(to_byte, to_byte + i, codes.begin());
  for (int* const to = codes.begin(); i < n; ++i) to[i] = found.code(from[i]);
  return codes;
}

}  // namespace

// Codes from 1 in order of appearance, raw if they are few, and the distinct strings. Strings that
// differ in encoding only are told apart.
// [[Rcpp::export]]
Rcpp::List string_codes_cpp(SEXP strings) {
  PointerCodes found;
  const Rcpp::RObject codes = codes_of(strings, found);
  Rcpp::CharacterVector keys(static_cast<R_xlen_t>(found.keys.size()));
  for (std::size_t k = 0; k < found.keys.size(); ++k) {
    SET_STRING_ELT(keys, static_cast<R_xlen_t>(k), found.keys[k]);
  }
  return Rcpp::List::create(Rcpp::Named("codes") = codes, Rcpp::Named("keys") = keys);
}
