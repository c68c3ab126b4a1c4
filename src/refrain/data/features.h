// From samples to numbers. Features are fitted on the training samples only and then encode any
// sample: series are scaled, their missing values handled; texts become word numbers. A stream of C
// channels gives rows of F = C values, or F = 2C where the training part misses values and
// `missing` is "mask": the values (0 where missing), then for each channel 1 where it is missing.
// With V views (data/views.h) there are V * C columns of values. They are saved with the model.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "refrain/base/fields.h"
#include "refrain/data/batch.h"
#include "refrain/data/conditions.h"
#include "refrain/data/front_end.h"
#include "refrain/data/normaliser.h"
#include "refrain/data/sample.h"
#include "refrain/data/views.h"
#include "refrain/data/vocabulary.h"

namespace refrain::data {

struct FeatureSpec {
  std::string normalise = "channel";
  std::string missing = "mask";
  std::string views = "raw";
  std::string conditions = "auto";
  bool lowercase = true;
  std::string words = "rules";
  std::string spelling = "none";
  int min_count = 1;
  int max_vocabulary = 50000;
  int max_length = 0;  // 0 = no limit
  SoundSpec sound;     // how recordings became the series
};
base::Fields<FeatureSpec> feature_fields();

// Throws data where the other dataset's streams (number, kinds, channels) are not the trained ones.
void check_form(const std::vector<StreamInfo>& trained, const Dataset& other);

class Features {
 public:
  // Fits on the samples `training` (indices) of the dataset; of several lists of views (with bars
  // between them) the first one. Throws data where there are none, or
  // where a sample does not have the streams that the dataset declares. With `source`, the features
  // of a network to begin with, its words come first and its lengths stand in for those of the
  // training part, since they decide the form of a network.
  static Features fit(const Dataset& dataset, const std::vector<int>& training,
                      const FeatureSpec& spec, const Features* source = nullptr);

  // Returns the features of one stream of texts with a known vocabulary.
  static Features of_words(Vocabulary words, bool lowercase);

  // The sample as numbers, its target left at -1. A series of no steps gives one row of zeros, an
  // empty text one unknown word. Missing values where training had none are interpolated. Throws
  // data where the sample's streams do not fit.
  EncodedSample encode(const Sample& sample, std::int64_t index) const;

  // One time step [C] of a series stream that arrives step by step, as numbers [F]; allocates
  // nothing. Without masks a missing value leaves out[c] as it was (0 before the first). Throws
  // unsupported where whole series are needed (normalise "series", views other than raw).
  void encode_step(const float* values, int stream, real* out) const;

  // F of a series stream, the vocabulary's size of a text stream.
  int inputs(int stream) const;
  // Steps or words of the longest training sample; 0 in files of older versions.
  int length(int stream) const { return parts_[static_cast<std::size_t>(stream)].length; }
  // The stream of the same kind and name, or the only one of the kind; -1: there is none.
  int stream_like(const StreamInfo& wanted) const;
  // The normaliser of a series stream.
  const Normaliser& normaliser(int stream) const {
    return parts_[static_cast<std::size_t>(stream)].normaliser;
  }
  bool masked(int stream) const { return parts_[static_cast<std::size_t>(stream)].masked; }
  const Vocabulary& vocabulary(int stream) const {
    return parts_[static_cast<std::size_t>(stream)].vocabulary;
  }
  // The characters of words, 0 where no spelling is told.
  int letters(int stream) const {
    return spec_.spelling == "none" ? 0 : parts_[static_cast<std::size_t>(stream)].letters.size();
  }
  const Vocabulary& letters_of_stream(int stream) const {
    return parts_[static_cast<std::size_t>(stream)].letters;
  }
  // The streams as the training data declared them (channels = C, before masks).
  const std::vector<StreamInfo>& streams() const { return streams_; }
  const FeatureSpec& spec() const { return spec_; }

  void check(const Dataset& other) const { check_form(streams_, other); }

  // from_json throws data for anything that to_json cannot have made.
  base::Json to_json() const;
  static Features from_json(const base::Json& json);

 private:
  // The fitted state of one stream: a normaliser (series) or a vocabulary (text).
  struct Part {
    bool masked = false;
    int length = 0;
    Conditions conditions;  // before the normaliser
    Normaliser normaliser;
    Views views;
    Vocabulary vocabulary;
    Vocabulary letters;  // of its words, with --spelling
  };
  // The values [T,C], scaled; NaN where they are missing and not interpolated.
  std::vector<real> scaled(std::span<const float> values, const Part& part) const;
  void encode_series(const Series& series, std::size_t stream, EncodedStream& out) const;
  void encode_text(const std::string& text, std::size_t stream, EncodedStream& out) const;
  void fit_views(const Dataset& dataset, const std::vector<int>& training, std::size_t stream);
  static StreamInfo stream_from_json(const base::Json& json, Part& part);

  FeatureSpec spec_;
  std::vector<StreamInfo> streams_;
  std::vector<Part> parts_;
};

}  // namespace refrain::data
