#include "refrain/transduce/reply_model.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"

namespace refrain::transduce {
namespace {

constexpr int kOrder = 6;  // of n-grams of symbols
constexpr double kLeastProbability = 1e-12;

}  // namespace

ReplyModel ReplyModel::of_symbols(std::vector<int> text, int symbols) {
  ReplyModel out;
  out.text_ = std::move(text);
  out.ngrams_.emplace(language::KneserNey::fit(out.text_, symbols, Symbols::kMark, kOrder));
  return out;
}

ReplyModel ReplyModel::read(std::string bytes, const std::string& path) {
  ReplyModel out;
  if (PretrainedModel::may_be(bytes)) {
    out.network_ = PretrainedModel::read(bytes, path);
    return out;
  }
  out.words_ = WordModel::read(bytes, path);
  out.arpa_ = std::move(bytes);
  return out;
}

void ReplyModel::check(const Symbols& symbols) const {
  if (network_) network_->check(symbols);
}

void ReplyModel::help(const Symbols& symbols, nn::CtcSearch& search) const {
  if (network_) {
    network_->help(symbols, search);
    return;
  }
  if (words_) {
    search.model = [this, &symbols](const std::vector<int>& before, int symbol) {
      return words_->symbol(symbols, before, symbol);
    };
    search.end = [this, &symbols](const std::vector<int>& before) {
      return words_->end(symbols, before);
    };
    return;
  }
  search.model = [this](const std::vector<int>& before, int symbol) {
    return std::log(std::max(kLeastProbability, ngrams_->probability(before, symbol)));
  };
  search.end = [model = search.model](const std::vector<int>& before) {
    return model(before, Symbols::kMark);
  };
}

base::Json ReplyModel::put(tensor::TensorFile& file) const {
  if (network_) return {{"network", network_->put(file)}};
  if (words_) return {{"arpa", arpa_}};
  return {{"text", text_}};
}

ReplyModel ReplyModel::from(const tensor::TensorFile& file, const base::Json& json,
                            const Symbols& symbols) {
  if (json.contains("network")) {
    ReplyModel out;
    out.network_ = PretrainedModel::from(file, json.at("network"));
    out.check(symbols);
    return out;
  }
  if (json.contains("arpa")) return read(json.at("arpa"), "its language model");
  auto text = json.at("text").get<std::vector<int>>();
  const bool sound = !text.empty() && std::all_of(text.begin(), text.end(), [&](int symbol) {
    return symbol >= 0 && symbol < symbols.size();
  });
  if (!sound) throw Error(Code::kData, "its language model is damaged");
  return of_symbols(std::move(text), symbols.size());
}

}  // namespace refrain::transduce
