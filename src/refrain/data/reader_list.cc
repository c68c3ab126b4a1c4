#include "refrain/base/nearest.h"
#include "refrain/data/reader.h"

// Every reader, one line each: the function in readers/ that makes it, its name, what it reads. Of
// two that are equally sure of a file the earlier one gets it.
#define REFRAIN_READERS(READER)                                                                 \
  READER(ts_reader, "ts", "sktime/UEA .ts: series with a header of @ lines")                    \
  READER(arff_reader, "arff", "Weka ARFF: series (univariate, relational) or texts")            \
  READER(jsonl_reader, "jsonl", "JSON Lines: {\"series\" or \"text\":, \"label\":}")            \
  READER(fasttext_reader, "fasttext", "fastText lines: __label__x text")                        \
  READER(long_csv_reader, "long-csv", "CSV with header, one row a time step of a series")       \
  READER(word_csv_reader, "word-csv", "CSV/TSV with header, one row a word with its tag")       \
  READER(text_csv_reader, "text-csv", "CSV/TSV with header and a text column")                  \
  READER(wide_csv_reader, "wide-csv", "CSV/TSV with header, one row a whole series")            \
  READER(conll_reader, "conll", "CoNLL columns: a word and its tag a line")                     \
  READER(cmapss_reader, "cmapss", "NASA's engines: 26 columns, unit, cycle, settings, sensors") \
  READER(run_to_failure_reader, "run-to-failure",                                               \
         "CSV with header: unit, cycle, settings and sensors till it fails")                    \
  READER(ucr_reader, "ucr", "UCR lines without header: label first, then the values")           \
  READER(text_tab_label_reader, "text-tab-label", "lines: text TAB label, without header")      \
  READER(label_text_reader, "label-text", "lines: label text, without header")                  \
  READER(text_lines_reader, "text-lines", "lines: a text each, without labels")                 \
  READER(sound_manifest_reader, "sound-manifest",                                               \
         "CSV/TSV with header and paths of WAV, FLAC, OGG")                                     \
  READER(word_tag_folder_reader, "word-tag-folder",                                             \
         "a folder with seq.in (words), seq.out (their tags), label")                           \
  READER(brat_reader, "brat", "a folder with x.txt (a text) and x.ann (its spans)")             \
  READER(sound_folder_reader, "sound-folder", "a folder a class with WAV, FLAC or OGG in it")   \
  READER(sound_file_reader, "sound-file", "one recording: WAV, FLAC or OGG")

namespace refrain::data {

#define DECLARE(function, name, description) Reader function();
REFRAIN_READERS(DECLARE)
#undef DECLARE

const base::Registry<Reader>& readers() {
#define ITEM(function, name, description) {name, description, function()},
  static const base::Registry<Reader> kReaders("format", {REFRAIN_READERS(ITEM)});
#undef ITEM
  return kReaders;
}

}  // namespace refrain::data
