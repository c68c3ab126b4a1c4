// Gathers the samples of one file, and checks what must hold between them: labels for all or none
// (where they are needed), the same number of channels, no empty series, at least one sample.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "refrain/data/reader.h"
#include "refrain/data/readers/series.h"

namespace refrain::data {

class Collector {
 public:
  // All samples have one stream, "series" or "text".
  Collector(const Source& source, StreamKind kind);

  Problems& problems() { return problems_; }

  // A sample without id is given its number. The labels "?", "NaN" and "" mean "none".
  void add(Sample sample, std::string text);
  void add(Sample sample, RawSeries series);

  // The id of the sample of this file that the last one was made from; any other means nothing.
  void name_source(const std::string& id);

  // Series that were read as rows of an outer list: turned round where these rows are channels.
  // `layout` is "steps", "channels" or "auto": the shorter side, or the one of fixed size, is
  // channels.
  void settle_layout(const std::string& layout);

  void name_channels(std::vector<std::string> names);

  // Throws data with all problems and the hint where there are any.
  Dataset finish(const std::string& hint);

 private:
  void add(Sample sample);
  void check_labels();
  void check_series();
  void find_sources();
  void settle_precision();

  std::string path_;
  bool needs_labels_;  // of all samples where one has a label
  Problems problems_;
  Dataset dataset_;
  std::vector<RawSeries> series_;  // of each sample, until finish()
  const Expected* expected_;
  std::vector<std::pair<std::size_t, std::string>> sources_;  // sample, id of its source
};

}  // namespace refrain::data
