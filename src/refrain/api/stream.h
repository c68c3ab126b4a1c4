// Answers while a series is still arriving: one time step at a time, nothing allocated after the
// start. Standard library only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/api/model.h"
#include "refrain/api/transducer.h"

namespace refrain::api {

class Stream {
 public:
  // The model stays alive and unchanged meanwhile. Throws Error(unsupported), with what to train
  // instead, for models that need the whole series at once (two directions, attention).
  explicit Stream(const Model& model);
  ~Stream();
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;

  int channels() const;
  void reset();                    // a new series begins
  void step(const float* values);  // one time step, [channels]; NaN = missing
  // Class probabilities after the steps so far, in the order of Model::classes(). Needs at least
  // one step.
  const std::vector<double>& probabilities();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The transcript of a series that is still arriving: the likeliest path of CTC, as
// `refrain predict` writes it with --beam 1.
class TranscriptStream {
 public:
  // The model stays alive and unchanged meanwhile. Throws Error(unsupported), with what to train
  // instead, for translations and recordings, for attention, ensembles and models that need the
  // whole series at once.
  explicit TranscriptStream(const Transducer& model);
  ~TranscriptStream();
  TranscriptStream(TranscriptStream&&) noexcept;
  TranscriptStream& operator=(TranscriptStream&&) noexcept;

  int channels() const;
  void reset();  // a new series begins
  // One time step, [channels]; NaN = missing. True if the text has become longer.
  bool step(const float* values);
  std::string text() const;  // of the steps so far

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace refrain::api
