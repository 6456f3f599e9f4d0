// Exact lower quantiles of a column by group, without a copy of the column.
#pragma once

#include <judicious/data/columns.hpp>
#include <judicious/numeric/quantile.hpp>

namespace judicious {

// The values of one group among which the wanted one still is: those in
// [lowest, highest], `count` of them, of which we want number `rank`.
struct QuantileSearch {
  double lowest, highest;
  std::size_t count, rank;
  double fraction;
  double next = std::numeric_limits<double>::infinity();  // smallest value above `highest`

  QuantileSearch(double lowest_, double highest_, std::size_t count_, double probability)
      : lowest(lowest_), highest(highest_), count(count_), rank(0), fraction(0.0) {
    if (count == 0) return;
    const QuantilePosition position(count, probability);
    rank = position.rank;
    fraction = position.fraction;
  }

  bool done() const { return count == 0 || lowest == highest; }
  bool covers(double x) const { return x >= lowest && x <= highest; }
  double constant_result() const {
    return fraction == 0.0 || rank + 1 < count ? lowest : lowest + fraction * (next - lowest);
  }
};

// Histogram of one group's candidates; narrows the search to one bin.
class QuantileBins {
 public:
  QuantileBins(const QuantileSearch& search, std::size_t n_bins)
      : lowest_(search.lowest),
        scale_(static_cast<double>(n_bins) / (search.highest - search.lowest)),
        counts_(n_bins, 0),
        ends_(n_bins, {std::numeric_limits<double>::infinity(), 0.0}) {}

  void add(double x) {
    const auto at = static_cast<std::size_t>((x - lowest_) * scale_);
    const std::size_t bin = std::min(at, counts_.size() - 1);
    ++counts_[bin];
    ends_[bin].first = std::min(ends_[bin].first, x);
    ends_[bin].second = std::max(ends_[bin].second, x);
  }

  void narrow(QuantileSearch& search) const {
    std::size_t bin = 0;
    for (; search.rank >= counts_[bin]; ++bin) search.rank -= counts_[bin];
    for (std::size_t later = bin + 1; later < counts_.size(); ++later) {
      if (counts_[later] == 0) continue;
      search.next = ends_[later].first;
      break;
    }
    search.count = counts_[bin];
    search.lowest = ends_[bin].first;
    search.highest = ends_[bin].second;
  }

 private:
  double lowest_, scale_;
  std::vector<std::size_t> counts_;
  std::vector<std::pair<double, double>> ends_;
};

// Calls visit(group, x) for every row.
template <class Visitor>
void visit_values(const Rows& rows, const Column& column, Visitor&& visit) {
  std::array<double, block_size> buffer;
  for (std::size_t from = 0; from < rows.n; from += block_size) {
    const std::size_t size = std::min(block_size, rows.n - from);
    const double* x = column.load(from, size, buffer.data());
    if (rows.strata.codes == nullptr) {
      for (std::size_t i = 0; i < size; ++i) visit(std::size_t{0}, x[i]);
    } else {
      for (std::size_t i = 0; i < size; ++i) visit(rows.strata[from + i], x[i]);
    }
  }
}

// Guesses from every few rows' values where each group's quantile lies, so that
// one pass usually settles it. Groups with few values in the sample are left as
// they are; a wrong guess costs a pass, not the result.
inline std::vector<std::pair<double, double>> guess_brackets(
    const Rows& rows, const Column& column, const std::vector<QuantileSearch>& searches) {
  constexpr std::size_t sample_size = 1 << 14, enough = 500;
  std::vector<std::vector<double>> sample(searches.size());
  const std::size_t step = std::max<std::size_t>(rows.n / sample_size, 1);
  for (std::size_t i = 0; i < rows.n; i += step) {
    const double x = column.at(i);
    if (searches[rows.strata[i]].covers(x)) sample[rows.strata[i]].push_back(x);
  }
  std::vector<std::pair<double, double>> out;
  for (std::size_t h = 0; h < searches.size(); ++h) {
    out.emplace_back(searches[h].lowest, searches[h].highest);
    if (searches[h].done() || sample[h].size() < enough) continue;
    const double share =
        static_cast<double>(searches[h].rank) / static_cast<double>(searches[h].count);
    const double margin =
        4.0 * std::sqrt(share * (1.0 - share) / static_cast<double>(sample[h].size()));
    if (share > margin) out.back().first = quantile(sample[h], share - margin);
    if (share + margin < 1.0) out.back().second = quantile(sample[h], share + margin);
  }
  return out;
}

// The values of one group around a bracket; those inside are kept, up to a limit.
class BracketedValues {
 public:
  BracketedValues(const QuantileSearch& search, std::pair<double, double> bracket,
                  std::size_t limit)
      : lowest_(search.lowest), bracket_(bracket), limit_(limit) {}

  void add(double x) {
    if (x > bracket_.second) {
      next_ = std::min(next_, x);
    } else if (x >= bracket_.first) {
      ++inside_;
      if (inside_ <= limit_) values.push_back(x);
    } else if (x >= lowest_) {
      ++below_;
    }
  }

  // Whether the wanted value is among `values`; the search then points into them.
  bool settle(QuantileSearch& search) const {
    if (search.rank < below_ || search.rank >= below_ + inside_ || inside_ > limit_) return false;
    search.rank -= below_;
    search.count = inside_;
    search.next = next_;
    return true;
  }

  std::vector<double> values;

 private:
  double lowest_;
  std::pair<double, double> bracket_;
  std::size_t limit_, below_ = 0, inside_ = 0;
  double next_ = std::numeric_limits<double>::infinity();
};

// Exact quantiles by group. A first pass with guessed brackets usually settles
// them; groups where it does not (ties, unlucky guesses) are narrowed by binning
// until few candidates are left.
class GroupedQuantiles {
 public:
  GroupedQuantiles(const Rows& rows, const Column& column, std::vector<QuantileSearch> searches)
      : rows_(rows), column_(column), searches_(std::move(searches)), values_(searches_.size()) {}

  std::vector<double> run() {
    try_brackets();
    while (n_open() > budget()) bin();
    collect();
    std::vector<double> out;
    for (std::size_t h = 0; h < searches_.size(); ++h) {
      const QuantileSearch& s = searches_[h];
      out.push_back(values_[h].empty() ? s.constant_result()
                                       : select_quantile(values_[h], s.rank, s.fraction, s.next));
    }
    return out;
  }

 private:
  std::size_t budget() const { return std::max<std::size_t>(rows_.n / 32, 1 << 14); }
  bool is_open(std::size_t h) const { return values_[h].empty() && !searches_[h].done(); }
  std::size_t n_open() const {
    std::size_t n = 0;
    for (std::size_t h = 0; h < searches_.size(); ++h) n += is_open(h) ? searches_[h].count : 0;
    return n;
  }

  void try_brackets() {
    if (n_open() <= budget()) return;
    const auto brackets = guess_brackets(rows_, column_, searches_);
    std::vector<BracketedValues> around;
    for (std::size_t h = 0; h < searches_.size(); ++h) {
      around.emplace_back(searches_[h], brackets[h], budget() / searches_.size());
    }
    visit_values(rows_, column_, [&](std::size_t h, double x) { around[h].add(x); });
    for (std::size_t h = 0; h < searches_.size(); ++h) {
      if (is_open(h) && around[h].settle(searches_[h])) values_[h] = std::move(around[h].values);
    }
  }

  void bin() {
    const std::size_t n_bins = std::clamp<std::size_t>((1 << 18) / searches_.size(), 16, 4096);
    std::vector<QuantileBins> bins;
    for (const auto& search : searches_) bins.emplace_back(search, n_bins);
    visit_values(rows_, column_, [&](std::size_t h, double x) {
      if (is_open(h) && searches_[h].covers(x)) bins[h].add(x);
    });
    for (std::size_t h = 0; h < searches_.size(); ++h) {
      if (is_open(h)) bins[h].narrow(searches_[h]);
    }
  }

  void collect() {
    if (n_open() == 0) return;
    std::vector<char> open(searches_.size());
    for (std::size_t h = 0; h < open.size(); ++h) open[h] = is_open(h) ? 1 : 0;
    visit_values(rows_, column_, [&](std::size_t h, double x) {
      if (open[h] != 0 && searches_[h].covers(x)) values_[h].push_back(x);
    });
  }

  const Rows& rows_;
  const Column& column_;
  std::vector<QuantileSearch> searches_;
  std::vector<std::vector<double>> values_;  // candidates, once collected
};

}  // namespace judicious
