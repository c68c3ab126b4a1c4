// Reading data files and folders. `read` recognises the format by content and extension (or takes
// --format),
// checks every row, and either returns a whole Dataset or throws one Error(data) that lists the bad
// rows (the first 20 shown, all counted) with file, line, column and what to do. One more format is
// one file in readers/ and one line in reader_list.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/fields.h"
#include "refrain/base/log.h"
#include "refrain/base/registry.h"
#include "refrain/data/sample.h"

namespace refrain::data {

struct ReadSpec {
  std::string format = "auto";  // or the name of a reader
  std::string encoding = "utf-8";
  std::string target;  // label column, or several with commas between; "" = found by name (label,
                       // target, class, y)
  std::string text_column;             // or several; "" = found by name (text, sentence, ...)
  std::string group;                   // group column; "" = none
  std::string id;                      // id column (long CSV: which rows belong together)
  std::string time;                    // time column of long CSV: rows are sorted by it
  std::string path_column;             // lists of recordings; "" = found by name or content
  std::string decimal = "auto";        // "." or ","
  std::string missing_values;          // further spellings of a missing value, commas between
  std::string quotes = "auto";         // or "none": a quote is a character like others
  std::string series_layout = "auto";  // JSON Lines: what the outer list of a series runs over
  std::string tag_column;              // a column's name or number; "" = found, or the last one
  std::string scheme = "auto";         // how tags mark spans (data/tag_scheme.h)
  std::string streams;                 // how channels are divided (data/streams.h); "" = not at all
};
base::Fields<ReadSpec> read_fields();

// The form of the training file, which further files (to predict, evaluate, test or validate) are
// read by.
struct Expected {
  Columns columns;                  // their format "" where it is not known (older models)
  std::vector<StreamInfo> streams;  // empty where they are not known
  std::vector<std::string> labels;
  std::vector<double> offset;  // as that of the training Dataset
  int steps = 0;               // of the longest training series; 0 = not known
  bool labelled = false;       // the file must have labels, all of its rows
  bool tagged = false;         // tags are learned: with `labelled` they must be there, not labels
  std::vector<std::string> tags = {};  // that training had, where they mark no spans
};

// Throws data where words or steps have tags and the samples no labels, for who learns labels.
void require_labels(const Dataset& dataset);

// Returns the form of a training file, for further files with labels.
Expected expected_like(const Dataset& training);

// One file's text in UTF-8 without byte-order mark, line ends as they were; of a file of sound its
// bytes, of a folder nothing.
struct Source {
  std::string path;       // as the user wrote it, for messages
  std::string extension;  // lower case, without ".gz": "ts", "csv", ...
  std::string_view text;
  const Expected* expected = nullptr;  // null: nothing was trained yet
};

// All bad rows of a file (or `what` there are many of). add() as often as needed, then
// throw_if_any().
class Problems {
 public:
  // Without places the messages say by themselves where they belong.
  explicit Problems(std::string path, std::string what = "rows", bool places = true)
      : path_(std::move(path)), what_(std::move(what)), places_(places) {}
  // column 0 = the whole line. Kept: the first 20; counted: all rows.
  void add(std::int64_t line, std::int64_t column, const std::string& message);
  // Error(data): one line each, then how many more bad rows there are.
  void throw_if_any(const std::string& hint) const;
  std::int64_t count() const { return rows_; }  // rows with at least one problem

 private:
  std::string path_, what_;
  bool places_;
  std::vector<std::string> shown_;
  std::int64_t rows_ = 0;
  std::int64_t shown_rows_ = 0;
  std::int64_t last_line_ = 0;
};

// The input of a reader.
enum class Takes { kText, kFolder, kSound };

struct Reader {
  // How surely this file is of the reader's format: 0 = no, 100 = beyond doubt.
  int (*recognise)(const Source&, const ReadSpec&);
  Dataset (*read)(const Source&, const ReadSpec&);
  Takes takes = Takes::kText;
};
const base::Registry<Reader>& readers();

// Throws io (missing file), data (bad rows, unknown or empty content, wrong encoding) or usage.
// Warnings (few undecodable bytes in a large file, ...) go to the log.
Dataset read(const std::string& path, const ReadSpec& spec, const base::Log& log);

// Reads a file for training or evaluation. Throws data if the samples have neither labels nor tags,
// naming the columns of a table.
Dataset read_labelled(const std::string& path, const ReadSpec& spec, const base::Log& log);

// Reads a file that follows a training. Named columns are matched: values are put in the order of
// training, additional columns are left out with a remark, missing ones are an error. Labels,
// groups and ids may be missing; "1.0" is the label "1" of training. Throws data if labels are
// needed and missing.
Dataset read_expected(const std::string& path, const ReadSpec& spec, const Expected& expected,
                      const base::Log& log);

// True if a file is recognised as one of units that run to failure; false where it cannot be read.
bool holds_lives(const std::string& path);

// Reads bytes that are in memory; the path serves for messages and its extension tells the format.
Dataset read_bytes(std::string bytes, const std::string& path, const ReadSpec& spec,
                   const base::Log& log, const Expected* expected = nullptr);

}  // namespace refrain::data
