// Looking into a fitted model, and making one of parts: what explanations, converters and exports
// need. A model has members, networks or simple methods; only networks can be looked into. Standard
// library only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "refrain/api/memory.h"

namespace refrain::api {

// One JSON object: task, options, features (streams with normaliser or vocabulary), labels,
// receipt, params, temperature, and members, each with method, weight, temperature, options and
// features.
std::string describe(const Model& model);

// Rows [R,C] at `values`, `stride` apart from one row to the next and `step` from one column to the
// next; a list of numbers has R = size, C = 0. The numbers belong to the model.
struct ParameterView {
  std::string name;
  const float* values = nullptr;
  std::size_t rows = 0, columns = 0;
  std::size_t stride = 1, step = 1;
};

// The parameters of a network in PyTorch's layout ([out,in]). Throws usage where there is no such
// member, unsupported where it is no network (as all functions below).
std::vector<ParameterView> parameters(const Model& model, int member);

struct Array {
  std::string name;
  std::vector<std::size_t> shape;
  std::vector<float> values;
};

// Returns the activations of a network for each sample, from input to output: "input" [T,F] as the
// network reads it, layers such as "encoder.0" [T,D*H], "attention" [heads,T,T], "pooling"
// [T,heads], "vector" [V], "logits" [C].
std::vector<std::vector<Array>> activations(const Model& model, int member, const Samples& samples);

// For each sample the gradient [T,F] of the logit of one class (its number in Model::classes())
// with respect to "input": scaled values and missing marks of series, word vectors of texts.
std::vector<Array> input_gradients(const Model& model, int member, const Samples& samples,
                                   const std::vector<int>& classes);

// The numbers of each text's words in the vocabulary, 0 = unknown. Throws unsupported for series.
std::vector<std::vector<int>> word_ids(const Model& model, const Samples& samples);

// How the words of a text are spelt, as the model knows it (--spelling): the numbers of the letters
// of each word, and its shape. Throws unsupported where it does not know it.
struct Spelling {
  std::vector<std::vector<int>> letters;  // of each word
  std::vector<int> shapes;                // [words]
};
std::vector<Spelling> spellings(const Model& model, const Samples& samples);

// A network from elsewhere.
struct NetworkParts {
  Options options;                  // of the network; others do no harm
  std::vector<double> mean, std;    // series: of each channel, subtracted and divided by
  std::vector<std::string> words;   // texts: the vocabulary, "<unk>" first
  std::vector<std::string> labels;  // sorted, unique
  std::string label_kind;           // as in Samples
  std::vector<Array> tensors;       // by the names and shapes of parameters()
};

// Throws usage or data where the parts do not fit together.
Model model_of_parts(const NetworkParts& parts);

}  // namespace refrain::api
