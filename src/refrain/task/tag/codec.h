// Between the tags of samples (BIO, or plain labels a step) and the numbers that a network and its
// chain know: which tags there are, which may follow each other, and the best sequence of an
// answer.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "refrain/base/json.h"
#include "refrain/method/chain.h"
#include "refrain/tape/chain_loss.h"

namespace refrain::task {

class TagCodec {
 public:
  // The tags of samples, each once. `closed`: spans are told with E- at their end and S- where they
  // have one step (BIOES), else as BIO.
  TagCodec(std::vector<std::string> tags, bool spans, bool closed);

  static constexpr std::size_t kMostTags = 1500;  // of samples: pairs of them are scored

  bool spans() const { return spans_; }
  bool closed() const { return closed_; }
  const std::vector<std::string>& tags() const { return tags_; }    // of samples
  const std::vector<std::string>& names() const { return names_; }  // that are learned
  int size() const { return static_cast<int>(names_.size()); }
  tape::ChainRules rules() const { return {pair_.data(), begin_.data(), end_.data()}; }

  // The numbers of a sample's tags; -1 for one that training did not have.
  std::vector<int> encode(const std::vector<std::string>& tags) const;
  // The sequence that is likeliest by these probabilities among those that the rules allow: `steps`
  // rows of size() numbers, each `stride` behind the one before.
  std::vector<int> best(const double* probabilities, std::size_t steps, std::size_t stride) const;
  // A sequence of numbers as tags of samples.
  std::vector<std::string> decode(const std::vector<int>& path) const;
  // The tags that samples may be answered with, and the probabilities of those [steps,tags] from
  // probabilities [steps,size()]: of B-x that of S-x too, of I-x that of E-x.
  std::vector<std::string> shown_names() const;
  std::vector<double> shown(const double* probabilities, std::size_t steps,
                            std::size_t stride) const;

 private:
  std::vector<std::string> tags_, names_;
  bool spans_, closed_;
  std::unordered_map<std::string, int> number_;
  method::Chain chain_;
  std::vector<unsigned char> pair_, begin_, end_;
};

// The tags with blanks between them, and back; a blank inside a tag is U+00A0 between.
std::string join_tags(const std::vector<std::string>& tags);
std::vector<std::string> split_tags(const std::string& text);

}  // namespace refrain::task
