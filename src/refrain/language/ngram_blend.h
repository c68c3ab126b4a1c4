// A network mixed with n-grams of its training text: p = w p(network) + (1 - w) p(n-grams) (Jelinek
// and Mercer 1980). They err differently: n-grams know by heart what was said before, networks what
// is like it.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "refrain/language/kneser_ney.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::language {

class NgramBlend {
 public:
  struct Form {
    std::vector<int> text;  // the units of the training text
    int vocabulary = 0, mark = 0, order = 1;
  };

  explicit NgramBlend(Form form);

  const Form& form() const { return form_; }
  // Counted at the first use: that takes some seconds for a million units.
  const KneserNey& ngrams() const;

  // The network's share.
  double weight() const { return weight_; }
  void set_weight(double weight);  // throws data for what is no share
  // The likeliest weight for a text that neither has learned; `network` has its nats.
  void choose_weight(std::span<const int> text, std::span<const double> network);

  // -log p of each unit of a text that begins after the mark, from the network's.
  std::vector<double> surprises(std::span<const int> text, std::span<const double> network) const;
  // Puts log p of the mixture in place of the network's, for the unit after a text.
  void mix(std::span<const int> before, std::vector<double>& log_p) const;

 private:
  Form form_;
  double weight_ = 0.5;
  mutable std::once_flag counted_;
  mutable std::unique_ptr<const KneserNey> ngrams_;
};

inline constexpr const char* kPackedUnits = "ngrams.text";
// The units of a text as a tensor of that name, several to a number below 2^24, which floats hold
// exactly.
tensor::NamedTensor pack_units(const std::vector<int>& text, int vocabulary);
// Throws data where the tensor is none of these.
std::vector<int> unpack_units(const tensor::NamedTensor& packed, int vocabulary, std::size_t count);

}  // namespace refrain::language
