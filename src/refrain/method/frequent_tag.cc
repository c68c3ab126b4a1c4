// Texts: how often the training part tags each word with each tag; a word that it has not, and the
// steps of series: how often each tag is there at all.
#include <map>

#include "refrain/base/at.h"
#include "refrain/data/words.h"
#include "refrain/method/list.h"
#include "refrain/method/tagged.h"

namespace refrain::method {
namespace {

using base::at;

class FrequentTag : public Method {
 public:
  void fit(const Training& training) override {
    check_tags(training);
    std::vector<int> all(training.tag_names.size());
    std::map<std::string, std::map<int, int>> of_word;
    for (int i = 0; i < training.samples.size(); ++i) {
      const auto& tags = training.tags[at(i)];
      for (const int tag : tags) ++all[at(tag)];
      const std::string* text = data::text_of(training.samples[i]);
      if (text == nullptr) continue;
      const auto words = words_of(*text);
      for (std::size_t t = 0; t < words.size(); ++t) ++of_word[words[t]][tags[t]];
    }
    all_ = shares(all);
    for (const auto& [word, counts] : of_word) {
      std::vector<int> count;
      for (const auto& [tag, times] : counts) {
        tag_.push_back(tag);
        count.push_back(times);
      }
      for (const double share : shares(count)) share_.push_back(share);
      place_.emplace(word, static_cast<int>(place_.size()));
      end_.push_back(static_cast<int>(tag_.size()));
    }
  }

  std::vector<double> predict(const data::Subset& view, int /*threads*/) const override {
    std::vector<double> out;
    for (int i = 0; i < view.size(); ++i) {
      if (const std::string* text = data::text_of(view[i])) {
        for (const auto& word : words_of(*text)) add(word, out);
        continue;
      }
      for (int t = 0; t < data::step_count(view[i]); ++t)
        out.insert(out.end(), all_.begin(), all_.end());
    }
    return out;
  }

  void archive(Archive& file) override {
    std::vector<std::string> words(place_.size());
    for (const auto& [word, place] : place_) words[at(place)] = word;
    file.list("all", all_);
    file.list("words", words);
    file.list("end", end_, 0, 1 << 30);
    file.list("tag", tag_, 0, file.width() - 1);
    file.list("share", share_);
    file.require(all_.size() == at(file.width()) && end_.size() == words.size() &&
                 tag_.size() == share_.size());
    if (!file.reading()) return;
    place_.clear();
    for (const auto& word : words) place_.emplace(word, static_cast<int>(place_.size()));
    file.require(place_.size() == words.size());
    int last = 0;
    for (const int end : end_) {
      file.require(end >= last);
      last = end;
    }
    file.require(at(last) == tag_.size());
  }

 private:
  static std::vector<double> shares(const std::vector<int>& counts) {
    double sum = 0;
    for (const int count : counts) sum += count;
    std::vector<double> out;
    for (const int count : counts) {
      out.push_back(sum > 0 ? count / sum : 1 / static_cast<double>(counts.size()));
    }
    return out;
  }

  void add(const std::string& word, std::vector<double>& out) const {
    const auto entry = place_.find(word);
    if (entry == place_.end()) {
      out.insert(out.end(), all_.begin(), all_.end());
      return;
    }
    const auto first = out.size();
    out.resize(first + all_.size());
    const auto place = at(entry->second);
    for (auto k = at(place == 0 ? 0 : end_[place - 1]); k < at(end_[place]); ++k) {
      out[first + at(tag_[k])] = share_[k];
    }
  }

  std::vector<double> all_;           // [K]
  std::map<std::string, int> place_;  // of each word, in their order
  std::vector<int> end_;              // where the tags of each word end
  std::vector<int> tag_;
  std::vector<double> share_;
};

}  // namespace

std::unique_ptr<Method> make_frequent_tag() { return std::make_unique<FrequentTag>(); }

}  // namespace refrain::method
