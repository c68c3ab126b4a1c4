#include <algorithm>

#include "refrain/method/list.h"

namespace refrain::method {

namespace {

using Kind = Reads;
using Item = base::RegistryItem<MethodEntry>;

std::vector<Item> of_classes() {
  return {{"majority", "always the most frequent class", {Kind::kAny, make_majority}},
          {"tfidf_logistic",
           "tf-idf of word 1- and 2-grams, logistic regression",
           {Kind::kText, make_tfidf_logistic}},
          {"pieces_logistic",
           "tf-idf of words and of pieces of words (characters), logistic regression",
           {Kind::kText, make_pieces_logistic}},
          {"bayes_logistic",
           "words and pieces of words as naive Bayes weighs them, logistic regression "
           "(Wang and Manning 2012)",
           {Kind::kText, make_bayes_logistic}},
          {"summary_logistic",
           "mean, spread, shape and autocorrelation of each channel, logistic regression",
           {Kind::kSeries, make_summary_logistic}},
          {"mean_logistic",
           "the mean of an encoder's states (--encoder), logistic regression",
           {Kind::kStates, make_mean_logistic}},
          {"nn_euclidean",
           "the nearest training series by Euclidean distance",
           {Kind::kSeries, make_nn_euclidean}},
          {"nn_dtw",
           "the nearest training series by dynamic time warping, window learned",
           {Kind::kSeries, make_nn_dtw}},
          {"minirocket",
           "9,996 convolution features, ridge classifier (Dempster et al. 2021)",
           {Kind::kSeries, make_minirocket}},
          {"hydra",
           "counts of competing convolutions, ridge classifier (Dempster et al. 2023)",
           {Kind::kSeries, make_hydra}}};
}

std::vector<Item> of_numbers() {
  constexpr auto kNumbers = Predicts::kNumbers;
  return {{"mean", "always the mean of the training numbers", {Kind::kAny, make_mean, kNumbers}},
          {"tfidf_ridge",
           "tf-idf of word 1- and 2-grams, ridge regression",
           {Kind::kText, make_tfidf_ridge, kNumbers}},
          {"summary_ridge",
           "mean, spread, shape and autocorrelation of each channel, ridge regression",
           {Kind::kSeries, make_summary_ridge, kNumbers}},
          {"mean_ridge",
           "the mean of an encoder's states (--encoder), ridge regression",
           {Kind::kStates, make_mean_ridge, kNumbers}},
          {"neighbour_mean_dtw",
           "the mean of the nearest training series by dynamic time warping; how many and the "
           "window are learned",
           {Kind::kSeries, make_neighbour_mean_dtw, kNumbers}},
          {"rocket_ridge",
           "9,996 convolution features and the summaries of summary_ridge, ridge regression "
           "(Dempster et al. 2021)",
           {Kind::kSeries, make_rocket_ridge, kNumbers}},
          {"shape_ridge",
           "rocket_ridge whose convolutions see the shape of each series alone: each channel at "
           "mean 0 and deviation 1",
           {Kind::kSeries, make_shape_ridge, kNumbers}},
          {"interval_forest",
           "statistics of random intervals, of their changes and frequencies, and the summaries of "
           "summary_ridge, a forest of randomised trees (Deng et al. 2013, Geurts et al. 2006)",
           {Kind::kSeries, make_interval_forest, kNumbers}}};
}

std::vector<Item> of_tags() {
  constexpr auto kTags = Predicts::kTags;
  return {{"frequent_tag",
           "the most frequent tag of each word; of series the most frequent label",
           {Kind::kAny, make_frequent_tag, kTags}},
          {"entity_dictionary",
           "the longest entities of the training part that a text has",
           {Kind::kText, make_entity_dictionary, kTags}},
          {"feature_crf",
           "conditional random field on features of words and their neighbours (Lafferty et al. "
           "2001)",
           {Kind::kText, make_feature_crf, kTags}},
          {"window_logistic",
           "values, mean and spread of the steps around each step, logistic regression",
           {Kind::kSeries, make_window_logistic, kTags}}};
}

std::vector<Item> every_one() {
  auto items = of_classes();
  for (auto* more : {of_numbers, of_tags}) {
    for (auto& item : more()) items.push_back(std::move(item));
  }
  return items;
}

}  // namespace

const base::Registry<MethodEntry>& methods(Predicts predicts) {
  static const base::Registry<MethodEntry> classes("baseline", of_classes());
  static const base::Registry<MethodEntry> numbers("baseline", of_numbers());
  static const base::Registry<MethodEntry> tags("baseline", of_tags());
  if (predicts == Predicts::kTags) return tags;
  return predicts == Predicts::kNumbers ? numbers : classes;
}

const base::Registry<MethodEntry>& all_methods() {
  static const base::Registry<MethodEntry> all("baseline", every_one());
  return all;
}

bool applies(Reads kind, const data::Dataset& dataset) {
  if (kind == Reads::kAny) return true;
  const auto fits = [kind](const data::StreamInfo& stream) {
    if (stream.from_text) return kind == Reads::kText || kind == Reads::kStates;
    return kind == (stream.kind == data::StreamKind::kText ? Reads::kText : Reads::kSeries);
  };
  return std::any_of(dataset.streams.begin(), dataset.streams.end(), fits);
}

std::vector<std::string> methods_of(const std::string& list, Predicts predicts) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < list.size();) {
    const auto end = std::min(list.find(',', begin), list.size());
    std::string name = list.substr(begin, end - begin);
    std::erase(name, ' ');
    begin = end + 1;
    if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) continue;
    methods(predicts).at(name);
    names.push_back(name);
  }
  return names;
}

}  // namespace refrain::method
