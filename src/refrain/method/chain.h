// A linear chain over K tags: the weight of tags y_1..y_T is
//   exp(start[y_1] + sum_t row_t[y_t] + sum_(t > 1) pair(y_(t-1), y_t) + end[y_T]),
// with sums over all sequences of tags, marginals (forward and backward; Rabiner 1989, Lafferty et
// al. 2001) and the best sequence (Viterbi 1967). A weight of -infinity forbids. Pairs that have a
// weight of their own are listed, all others share one or are forbidden, so that many tags with few
// pairs cost little.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace refrain::method {

constexpr double kForbidden = -std::numeric_limits<double>::infinity();

struct Link {
  int from = 0, to = 0;
  double weight = 0;
};

struct Chain {
  int tags = 0;                    // K
  std::vector<double> start, end;  // [K]
  std::vector<Link> links;         // by `to`, then `from`; at least one sequence must be allowed
  // A pair that is not listed has the weight `other` where its second tag is open and its first one
  // is free, else it is forbidden. No listed pair of such tags may be forbidden.
  std::vector<char> open, free;  // [K]
  double other = 0;

  // Returns the weights of all pairs, [from,to].
  std::vector<double> pairs() const;
};

// Everything is allowed, all weights 0.
Chain free_chain(int tags);

// With all pairs listed, `pairs` [from,to]; start and end are 0.
Chain chain_of_pairs(int tags, const std::vector<double>& pairs);

// Returns a chain with weights 0 that forbids impossible sequences of tags: in BIO, I- continues a
// span of its type; with E- and S- (BIOES), every span of several steps also ends with E-.
// Everything is allowed if some name marks no span, or if a tag could not be followed.
Chain allowed_chain(const std::vector<std::string>& names);

// The sums of one chain.
class ChainSums {
 public:
  // Buffers that a thread keeps between calls.
  struct Work {
    std::vector<double> alpha, scale, beta, next;
  };

  // Refers to the chain.
  explicit ChainSums(const Chain& chain);

  // The logarithm of the sum over all sequences of `steps` tags, steps >= 1; puts the tags'
  // marginals in the place of the rows, [steps,K]; a weight in a row counts as no further than 690
  // below the row's largest. Adds how often each listed pair is expected, and
  // behind these all others, to `expected`, [links + 1], where it is not null. Throws
  // Error(numeric) where no sequence is allowed.
  double operator()(double* rows, int steps, Work& work, double* expected) const;

 private:
  double forward(double* rows, int steps, Work& work) const;
  void backward(double* rows, int steps, Work& work, double* expected) const;
  void step_back(const std::vector<double>& next, std::vector<double>& beta) const;

  const Chain& chain_;
  std::vector<double> start_, end_, value_;  // exponentials, each divided by its largest
  std::vector<double> gain_;                 // of a listed pair: value less that of the others
  double other_ = 0;
  double start_shift_ = 0, end_shift_ = 0, pair_shift_ = 0;
};

// The sequence of largest weight; the first of equals.
std::vector<int> best_path(const Chain& chain, const double* rows, int steps);

}  // namespace refrain::method
