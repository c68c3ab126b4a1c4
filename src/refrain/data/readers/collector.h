// Gathers the samples of one file, and checks what must hold between them: labels for all or none
// (where they are needed), the same number of channels, no empty series, at least one sample.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "refrain/data/reader.h"
#include "refrain/data/readers/series.h"
#include "refrain/data/tag_scheme.h"

namespace refrain::data {

using RawValue = std::variant<RawSeries, std::string>;

// Remarks on words that held blanks (readers/lines.h, add_word).
void remark_on_blanks(std::int64_t words, Dataset& dataset);

class Collector {
 public:
  // All samples have one stream, "series" or "text".
  Collector(const Source& source, StreamKind kind);
  // All samples have these streams, of which name and kind are known.
  Collector(const Source& source, std::vector<StreamInfo> streams);

  Problems& problems() { return problems_; }

  // Before the first sample.
  void set_streams(std::vector<StreamInfo> streams);

  // A sample without id is given its number. The labels "?", "NaN" and "" mean "none".
  void add(Sample sample, std::string text);
  void add(Sample sample, RawSeries series);
  void add(Sample sample, std::vector<RawValue> streams);  // a value a stream, of its kind

  // The id of the sample of this file that the last one was made from; any other means nothing.
  void name_source(const std::string& id);

  // How the tags of all samples mark spans: ReadSpec::scheme.
  void set_scheme(const std::string& scheme) { tags_.scheme = scheme; }
  // The lines of the last sample's tags, where they have lines of their own.
  void place_tags(std::vector<std::int64_t> lines);

  // Series that were read as rows of an outer list: turned round where these rows are channels.
  // `layout` is "steps", "channels" or "auto": the side that has no tag each, the shorter one, or
  // the one of fixed size, is channels. Of several streams all are turned or none, but those of one
  // channel.
  void settle_layout(const std::string& layout);

  void name_channels(std::vector<std::string> names);

  // Throws data with all problems and the hint where there are any.
  Dataset finish(const std::string& hint);

 private:
  void add(Sample sample);
  void check_labels();
  void check_tags();
  std::size_t places(std::size_t sample) const;
  void check_series(std::size_t stream);
  void find_sources();
  std::vector<double> offsets() const;
  void settle_precision();

  std::string path_;
  bool needs_labels_;  // of all samples where one has a label
  Problems problems_;
  Dataset dataset_;
  std::vector<std::vector<RawSeries>> series_;  // of each stream those of all samples, to finish()
  TagReading tags_;
  const Expected* expected_;
  std::vector<std::pair<std::size_t, std::string>> sources_;  // sample, id of its source
};

}  // namespace refrain::data
