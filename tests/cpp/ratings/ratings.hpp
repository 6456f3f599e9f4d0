// Ratings for tests, written row by row.
#pragma once

#include <judicious/ratings/rating_tallies.hpp>
#include <vector>

struct RatingRow {
  int item;
  int choice;  // from 1; 0: none
  int set;     // bitmask; 0: none
  int invalid = 0;
  double n = 1.0;
  int source = 1;
};

class RatingTable {
 public:
  explicit RatingTable(const std::vector<RatingRow>& rows) {
    for (const RatingRow& row : rows) {
      item_.push_back(row.item);
      source_.push_back(row.source);
      choice_.push_back(or_missing(row.choice));
      set_.push_back(or_missing(row.set));
      invalid_.push_back(row.invalid);
      n_.push_back(row.n);
    }
  }

  judicious::RatingColumns view() const {
    judicious::RatingColumns out;
    out.size = item_.size();
    out.item = item_.data();
    out.source = source_.data();
    out.choice = choice_.data();
    out.set = set_.data();
    out.invalid = invalid_.data();
    out.n = n_.data();
    return out;
  }

 private:
  static int or_missing(int code) {
    return code == 0 ? judicious::RatingColumns::missing_answer : code;
  }

  std::vector<int> item_, source_, choice_, set_, invalid_;
  std::vector<double> n_;
};
