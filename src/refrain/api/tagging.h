// Answers of models that tag: a tag for each word of a text or step of a series, and the spans that
// the tags mark. Standard library only.
#pragma once

#include <string>
#include <vector>

#include "refrain/api/memory.h"
#include "refrain/api/model.h"

namespace refrain::api {

struct Tagged {
  std::string id;
  bool raw = false;                // begin and end count characters of `text`, else words or steps
  std::string text;                // raw text as it was given
  std::vector<std::string> words;  // none of a series
  std::vector<int> begin, end;     // of each word or step, from 0; the end is behind it
  // One a word or step: O, B-type, I-type where tags mark spans; with the probability of each.
  std::vector<std::string> tags;
  std::vector<double> probability;
  std::vector<TagSpan> spans;  // none where tags are plain labels
  std::string label = {};      // of the whole sample (--also label); "" where none is answered
};

// The tags that a tagger answers with and its form. Throws unsupported for a model of another task.
struct TaggerForm {
  bool spans = true;              // whether its tags mark spans
  bool texts = true;              // whether it reads texts
  std::vector<std::string> tags;  // that it answers with
  // Labels of whole samples, which the tagger answers beside the tags (--also label); else empty.
  std::vector<std::string> labels = {};
};
TaggerForm tagger_form(const Model& model);

// The tags of each sample of a file, as Model::predict; raw texts are cut into words. Throws
// unsupported for a model of another task.
std::vector<Tagged> tag(const Model& model, const std::string& data, const Options& options,
                        const Hooks& hooks);
// Tags samples in memory.
std::vector<Tagged> tag(const Model& model, const Samples& samples, int threads);

// The probabilities of TaggerForm::tags at each step, [T,K] of each sample; no rows for a text
// without words.
std::vector<std::vector<double>> tag_marginals(const Model& model, const Samples& samples,
                                               int threads);

// F1 of spans, of plain labels the share of right steps. Throws data where tags are not given.
double tag_score(const Model& model, const Samples& samples, int threads);

}  // namespace refrain::api
