// Interpolated modified Kneser-Ney n-grams (Chen and Goodman 1999), of any order:
//   p(w | h) = (c(h w) - D(c(h w))) / c(h) + g(h) p(w | h without its first word)
// where counts below the highest order are numbers of different words before, D has one value for
// counts of 1, 2 and more from the counts of counts, and g(h) is the mass that the discounts leave.
// The last resort is every word alike, the unknown one among them: probabilities add up to 1.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace refrain::language {

class KneserNey {
 public:
  // `words` are numbers below `vocabulary`; `mark` stands before them. The order is at least 1 and
  // at most kMostOrder.
  static constexpr int kMostOrder = 12;
  static KneserNey fit(std::span<const int> words, int vocabulary, int mark, int order);

  int order() const { return static_cast<int>(levels_.size()); }
  std::size_t ngrams() const;  // different ones of all lengths

  // p of a word after those of `before` (of which the last order - 1 count; fewer are all right).
  double probability(std::span<const int> before, int word) const;

  // p of every word [vocabulary] after those of `before`.
  void distribution(std::span<const int> before, std::vector<double>& p) const;

  // -log p of each word of a text that begins after the mark, in nats.
  std::vector<double> surprises(std::span<const int> words) const;

 private:
  // The n-grams of one length: from (the n-gram without its last word, the last word) to a number.
  class Index {
   public:
    std::uint32_t find(std::uint64_t key) const;  // kNone where it is not there
    std::uint32_t add(std::uint64_t key);
    std::uint32_t size() const { return size_; }
    // Calls visit(key, number) for all.
    template <class Visit>
    void each(const Visit& visit) const {
      for (std::size_t i = 0; i < keys_.size(); ++i) {
        if (keys_[i] != kFree) visit(keys_[i], places_[i]);
      }
    }

   private:
    static constexpr std::uint64_t kFree = ~std::uint64_t{0};
    void grow();
    std::vector<std::uint64_t> keys_;
    std::vector<std::uint32_t> places_;
    std::uint32_t size_ = 0;
  };
  struct Level {
    Index index;
    std::vector<std::uint32_t> count;  // of each n-gram; below the highest level continuations
    double discount[3] = {0, 0, 0};
    // For each (n-1)-gram as a history: the sum of counts, and how many words follow it by count.
    std::vector<std::uint32_t> total, follow[3];
  };
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  static std::uint64_t key(std::uint32_t history, int word) {
    return std::uint64_t{history} << 32 | static_cast<std::uint32_t>(word);
  }
  // The last n words of `before` as a history, kNone where nothing followed them.
  std::uint32_t history(std::span<const int> before, std::size_t n) const;
  static double own_mass(const Level& level, std::uint32_t history, int word);
  static double mass_left(const Level& level, std::uint32_t history);
  void count(std::span<const int> padded);
  void count_continuations(std::span<const int> padded);
  static void choose_discounts(Level& level);
  void sum_histories();

  std::vector<Level> levels_;
  int vocabulary_ = 0, mark_ = 0;
};

}  // namespace refrain::language
