// A sample cut into parts that can be taken out of it, to see what a model makes of the rest: words
// of a text, runs of steps of a series, each channel by itself or all together.
#pragma once

#include <string>
#include <vector>

#include "refrain/data/features.h"

namespace refrain::explain {

// Words or steps [begin, end) of a stream.
struct Part {
  int stream = 0;
  int channel = -1;  // -1 = all of them, and of a text
  int begin = 0, end = 0;
};

struct Cut {
  int segments = 0;        // runs of steps that a series is cut into; 0 = each step by itself
  bool by_channel = true;  // a part is of one channel
  // Words stand between blanks, and one that is taken out becomes this; "": words are found by the
  // rule of data/tokenise.h, and deleted.
  std::string no_word = "";
  bool skip_missing = false;  // steps of a series without any value are no part
};

class Subject {
 public:
  // `features` tell the training mean of each channel, which stands in for steps that are taken
  // out (of features that scale each series by itself, the mean of this one). Words are deleted.
  Subject(const data::Features& features, const data::Sample& sample, const Cut& cut);
  // Each channel's own mean stands in.
  Subject(const data::Sample& sample, const Cut& cut);

  const data::Sample& sample() const { return sample_; }
  const std::vector<Part>& parts() const { return parts_; }
  int size() const { return static_cast<int>(parts_.size()); }
  // The words of a text stream as they stand in it; empty for series.
  const std::vector<std::string>& words(int stream) const {
    return streams_[static_cast<std::size_t>(stream)].words;
  }
  // Words or steps of a stream, and its channels (of a text 1).
  int steps(int stream) const { return streams_[static_cast<std::size_t>(stream)].steps; }
  int channels(int stream) const { return streams_[static_cast<std::size_t>(stream)].channels; }

  // The sample without the parts [parts] that are true.
  data::Sample without(const std::vector<bool>& hidden) const;
  data::Sample blank() const { return without(std::vector<bool>(parts_.size(), true)); }

 private:
  struct Stream {
    int steps = 0, channels = 1;
    std::vector<float> blank;             // [channels] what hidden steps become
    std::vector<std::size_t> begin, end;  // of words, in bytes
    std::vector<std::string> words;
  };
  void add_text(const std::string& text, int stream);
  void add_word(const std::string& text, int stream, std::size_t begin, std::size_t end);
  void add_series(const data::Series& series, int stream);
  void cut_run(const data::Series& series, const Part& run);

  const data::Sample& sample_;
  Cut cut_;
  std::vector<Stream> streams_;
  std::vector<Part> parts_;
};

}  // namespace refrain::explain
