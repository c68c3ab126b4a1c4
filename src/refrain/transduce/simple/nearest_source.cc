// The reply of the nearest training source: the greatest sum of the cosines of tf-idf rows of word
// n-grams and of pieces of words (method/ngrams.h). Of equals the earlier one; where nothing is
// shared, the first.
#include <algorithm>
#include <numeric>

#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/method/ngrams.h"
#include "refrain/transduce/simple/simple.h"

namespace refrain::transduce {
namespace {

std::vector<int> row_places(std::size_t count) {
  std::vector<int> out(count);
  std::iota(out.begin(), out.end(), 0);
  return out;
}

// The rows that hold a term, term by term.
struct Postings {
  explicit Postings(const method::SparseRows& rows)
      : begin(static_cast<std::size_t>(rows.columns) + 1), row(rows.column.size()) {
    value.resize(row.size());
    for (const int column : rows.column) ++begin[static_cast<std::size_t>(column) + 1];
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    std::vector<std::size_t> next(begin.begin(), begin.end() - 1);
    for (std::size_t r = 0; r + 1 < rows.begin.size(); ++r) {
      for (std::size_t k = rows.begin[r]; k < rows.begin[r + 1]; ++k) {
        const std::size_t at = next[static_cast<std::size_t>(rows.column[k])]++;
        row[at] = static_cast<int>(r);
        value[at] = static_cast<float>(rows.value[k]);
      }
    }
  }

  std::vector<std::size_t> begin;  // [columns + 1]
  std::vector<int> row;
  std::vector<float> value;
};

}  // namespace

std::vector<std::string> answer_by_nearest_source(const data::Subset& training,
                                                  const data::Subset& test, int threads) {
  if (training.size() == 0) throw Error(Code::kData, "no training samples");
  const auto known = method::tokens_of(training, threads), asked = method::tokens_of(test, threads);
  method::TermRows terms(true);
  terms.fit(known, row_places(known.size()), 1, nullptr);
  const Postings postings(terms.of(known, row_places(known.size())));
  const method::SparseRows rows = terms.of(asked, row_places(asked.size()));
  std::vector<std::string> out(asked.size());
  base::parallel_for(test.size(), threads, [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    std::vector<float> score(known.size());
    for (std::size_t k = rows.begin[at]; k < rows.begin[at + 1]; ++k) {
      const auto column = static_cast<std::size_t>(rows.column[k]);
      const auto value = static_cast<float>(rows.value[k]);
      for (std::size_t p = postings.begin[column]; p < postings.begin[column + 1]; ++p) {
        score[static_cast<std::size_t>(postings.row[p])] += value * postings.value[p];
      }
    }
    const auto best = std::max_element(score.begin(), score.end()) - score.begin();
    out[at] = training[static_cast<int>(best)].label;
  });
  return out;
}

}  // namespace refrain::transduce
