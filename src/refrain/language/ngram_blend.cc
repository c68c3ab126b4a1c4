#include "refrain/language/ngram_blend.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"

namespace refrain::language {
namespace {

constexpr int kWeightRounds = 50;
constexpr int kExactIntegers = 1 << 24;

// How many units of a vocabulary a float holds as digits.
std::size_t digits_of(int vocabulary) {
  std::size_t digits = 1;
  for (double values = vocabulary; values * vocabulary <= kExactIntegers; values *= vocabulary) {
    ++digits;
    if (vocabulary < 2) return 1;
  }
  return digits;
}

}  // namespace

NgramBlend::NgramBlend(Form form) : form_(std::move(form)) {}

const KneserNey& NgramBlend::ngrams() const {
  std::call_once(counted_, [this] {
    ngrams_ = std::make_unique<const KneserNey>(
        KneserNey::fit(form_.text, form_.vocabulary, form_.mark, form_.order));
  });
  return *ngrams_;
}

void NgramBlend::set_weight(double weight) {
  if (!(weight >= 0 && weight <= 1)) throw Error(Code::kData, "its weight of n-grams is damaged");
  weight_ = weight;
}

// Expectation and maximisation: the weight is the share of units that are more likely the
// network's.
void NgramBlend::choose_weight(std::span<const int> text, std::span<const double> network) {
  const auto of_ngrams = ngrams().surprises(text);
  weight_ = 0.5;
  for (int round = 0; round < kWeightRounds && !text.empty(); ++round) {
    double sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const double p = weight_ * std::exp(-network[i]);
      sum += p / (p + (1 - weight_) * std::exp(-of_ngrams[i]));
    }
    weight_ = sum / static_cast<double>(text.size());
  }
}

std::vector<double> NgramBlend::surprises(std::span<const int> text,
                                          std::span<const double> network) const {
  std::vector<double> out = ngrams().surprises(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    out[i] = -std::log(weight_ * std::exp(-network[i]) + (1 - weight_) * std::exp(-out[i]));
  }
  return out;
}

void NgramBlend::mix(std::span<const int> before, std::vector<double>& log_p) const {
  const std::size_t longest = static_cast<std::size_t>(form_.order) - 1;
  const auto last = before.last(std::min(longest, before.size()));
  std::vector<int> history(longest - last.size(), form_.mark);  // a text begins after marks
  history.insert(history.end(), last.begin(), last.end());
  std::vector<double> p;
  ngrams().distribution(history, p);
  for (std::size_t v = 0; v < p.size(); ++v) {
    log_p[v] = std::log(weight_ * std::exp(log_p[v]) + (1 - weight_) * p[v]);
  }
}

tensor::NamedTensor pack_units(const std::vector<int>& text, int vocabulary) {
  const std::size_t digits = digits_of(vocabulary);
  const std::size_t n = (text.size() + digits - 1) / digits;
  tensor::NamedTensor out{kPackedUnits, {static_cast<std::int64_t>(n)}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    int number = 0;
    for (std::size_t d = digits; d-- > 0;) {
      const std::size_t at = i * digits + d;
      number = number * vocabulary + (at < text.size() ? text[at] : 0);
    }
    out.values.push_back(static_cast<real>(number));
  }
  return out;
}

std::vector<int> unpack_units(const tensor::NamedTensor& packed, int vocabulary,
                              std::size_t count) {
  const std::size_t digits = digits_of(vocabulary);
  std::vector<int> out;
  bool sound = vocabulary > 0 && packed.values.size() == (count + digits - 1) / digits;
  for (std::size_t i = 0; sound && i < packed.values.size(); ++i) {
    const real value = packed.values[i];
    sound = value >= 0 && value < kExactIntegers && value == std::floor(value);
    int number = sound ? static_cast<int>(value) : 0;
    for (std::size_t d = 0; d < digits && out.size() < count; ++d) {
      out.push_back(number % vocabulary);
      number /= vocabulary;
    }
    sound = sound && number == 0;
  }
  if (!sound) throw Error(Code::kData, "its n-grams are damaged");
  return out;
}

}  // namespace refrain::language
