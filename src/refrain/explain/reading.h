// How an answer comes about while a sample is read from the front: the answers to its beginnings,
// and the states of a network on the way.
#pragma once

#include <vector>

#include "refrain/explain/question.h"

namespace refrain::explain {

// Answers of the whole model to a sample that is cut off behind so many words or steps.
struct Beginnings {
  std::vector<int> steps;                   // at most 30, the last one all
  std::vector<std::vector<double>> answer;  // [columns][of steps]
};
Beginnings beginnings(const ModelQuestion& question, const data::Sample& sample);

// States of the topmost recurrent layer of a network, a row a step, in numbers that can be drawn.
struct StatePath {
  std::vector<double> size, speed;              // their length, the distance from the last step
  std::vector<double> first_axis, second_axis;  // along which all of them vary most
};
// Of the model's first network; one for each sample, empty where no member is a network of one
// stream.
std::vector<StatePath> state_paths(const ModelQuestion& question,
                                   const std::vector<data::Sample>& samples);

}  // namespace refrain::explain
