// Series without their place and scale, and looking for equal ones among many.
#pragma once

#include <array>
#include <vector>

#include "refrain/data/sample.h"

namespace refrain::data {

// All series of a sample, each channel shifted and scaled to mean 0 and variance 1; a missing value
// is 0, and so is a channel that stands still. [streams, channels, steps], one after the other.
struct Shape {
  std::vector<float> values;
  int steps = 0;     // of the first series
  int channels = 0;  // of the first series
  std::array<float, 4> projections = {};

  bool empty() const { return values.empty(); }
};

// Empty where the sample has no series of at least `kLeastSteps` steps, or none that moves.
constexpr int kLeastSteps = 8;
Shape shape_of(const Sample& sample);

// Returns the shape of a recording: its loudness in frequency bands.
Shape shape_of_sound(const Sound& sound);

// Mean squared difference of shapes of one size; stops beyond `most`.
double squared_difference(const Shape& a, const Shape& b, double most);

// The median over pairs of shapes of one size; 1 where there are none.
double usual_difference(const std::vector<Shape>& shapes);

// Pairs (known, judged) whose difference is at most `most`, sorted by `judged`, then `known`.
std::vector<std::pair<int, int>> equal_shapes(const std::vector<Shape>& known,
                                              const std::vector<Shape>& judged, double most);

// Returns likewise the pairs of stretches, which may lie at different places.
std::vector<std::pair<int, int>> equal_stretches(const std::vector<Shape>& known,
                                                 const std::vector<Shape>& judged, double most);

}  // namespace refrain::data
