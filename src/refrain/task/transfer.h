// Moving over: a network takes the parameters of a source (task/source.h) as its start. Rows of
// word vectors go by the word, inputs of series by the channel, the head by the class. An unseen
// word begins as the mean of the source's words that are spelt alike; all else that the source
// lacks keeps its start value.
#pragma once

#include <string>
#include <vector>

#include "refrain/task/network.h"
#include "refrain/task/source.h"

namespace refrain::task {

struct Moved {
  std::vector<std::string> taken, anew;  // names of parameters
  int words = 0, known = 0, alike = 0;   // of the training part: in all, in the source, by spelling
  int channels = 0, matched = 0;         // series: in all, and found in the source
  bool by_position = false;              // channels are matched by their places
  int classes = 0;                       // of the head that the source knows
};

// Throws data where the source reads another kind of samples.
Moved move_over(const Source& source, Network& network);

// Puts word vectors (data/word_vectors.h) of the file into the tables of all texts. Returns what
// was found, in words. Throws data where no stream is a text.
std::string take_vectors(const std::string& path, const data::Dataset& dataset, Network& network);

std::vector<std::string> sentences_of(const Moved& moved, const Source& source);

// SHA-256 of all frozen parameters and how many numbers they are; "" where none is.
struct Frozen {
  std::size_t count = 0;
  std::string hash;
};
Frozen frozen_of(const nn::ParamSet& params);

}  // namespace refrain::task
