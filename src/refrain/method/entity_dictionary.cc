// The longest entities of the training part that a text has, from left to right, each of the type
// that it had most often. The tag so found has probability 0.95, the others share the rest.
#include <algorithm>
#include <array>
#include <map>

#include "refrain/base/at.h"
#include "refrain/data/tag_scheme.h"
#include "refrain/method/list.h"
#include "refrain/method/tagged.h"
#include "refrain/score/spans.h"

namespace refrain::method {
namespace {

using base::at;

constexpr double kSure = 0.95;

enum Place { kFirstStep, kInnerStep, kLastStep, kOnlyStep, kPlaces };
using TypeTags = std::array<int, kPlaces>;

// The words [first, end), joined by blanks.
std::string joined(const Words& words, std::size_t first, std::size_t end) {
  std::string out = words[first];
  for (std::size_t t = first + 1; t < end; ++t) out += " " + words[t];
  return out;
}

int number_of(const std::vector<std::string>& names, const std::string& name) {
  const auto place = std::find(names.begin(), names.end(), name);
  return place == names.end() ? -1 : static_cast<int>(place - names.begin());
}

// Returns the tags of the steps of a span: those of BIO, or of BIOES where the names have E- and
// S-.
TypeTags tags_of_type(const std::vector<std::string>& names, const std::string& type) {
  static const std::array<std::string, kPlaces> kLetters = {"BI", "IB", "EIB", "SBI"};
  TypeTags out{};
  for (std::size_t place = 0; place < kPlaces; ++place) {
    int found = -1;
    for (const char letter : kLetters[place]) {
      if (found < 0) found = number_of(names, letter + ("-" + type));
    }
    out[place] = std::max(found, 0);
  }
  return out;
}

class EntityDictionary : public Method {
 public:
  void fit(const Training& training) override {
    check_tags(training);
    const auto& names = training.tag_names;
    if (!std::all_of(names.begin(), names.end(),
                     [](const auto& name) { return data::is_span_tag(name); })) {
      throw Error(Code::kUnsupported, "the tags mark no spans");
    }
    std::map<std::string, std::map<std::string, int>> count;  // of each entity and type
    const auto texts = words_of(training.samples, training.threads);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      std::vector<std::string> tags;
      for (const int tag : training.tags[i]) tags.push_back(names[at(tag)]);
      for (const auto& span : score::span_views(tags)) {
        ++count[joined(texts[i], at(span.begin), at(span.end))][std::string(span.type)];
        longest_ = std::max(longest_, span.end - span.begin);
      }
    }
    outside_ = std::max(0, number_of(names, "O"));
    std::map<std::string, int> number;
    for (const auto& [entity, types] : count) {
      const auto most =
          std::max_element(types.begin(), types.end(),
                           [](const auto& a, const auto& b) { return a.second < b.second; });
      const auto [type, is_new] = number.emplace(most->first, static_cast<int>(number.size()));
      if (is_new) types_.push_back(tags_of_type(names, most->first));
      entities_.emplace(entity, type->second);
    }
    tags_ = static_cast<int>(names.size());
  }

  std::vector<double> predict(const data::Subset& view, int threads) const override {
    const double rest = tags_ > 1 ? (1 - kSure) / (tags_ - 1) : 0;
    std::vector<double> out;
    for (const auto& words : words_of(view, threads)) {
      for (const int tag : tag(words)) {
        out.insert(out.end(), at(tags_), rest);
        out[out.size() - at(tags_) + at(tag)] = tags_ > 1 ? kSure : 1;
      }
    }
    return out;
  }

  void archive(Archive& file) override {
    std::vector<std::string> names;
    std::vector<int> type, tags;
    for (const auto& [entity, number] : entities_) {
      names.push_back(entity);
      type.push_back(number);
    }
    for (const auto& of_type : types_) tags.insert(tags.end(), of_type.begin(), of_type.end());
    tags_ = file.width();
    file.number("longest", longest_, 0, 1 << 20);
    file.number("outside", outside_, 0, tags_ - 1);
    file.list("tags", tags, 0, tags_ - 1);
    file.list("entities", names);
    file.list("types", type, 0, static_cast<int>(tags.size() / kPlaces) - 1);
    file.require(names.size() == type.size() && tags.size() % kPlaces == 0);
    if (!file.reading()) return;
    types_.assign(tags.size() / kPlaces, {});
    for (std::size_t k = 0; k < tags.size(); ++k) types_[k / kPlaces][k % kPlaces] = tags[k];
    entities_.clear();
    for (std::size_t k = 0; k < names.size(); ++k) entities_.emplace(names[k], type[k]);
    file.require(entities_.size() == names.size());
  }

 private:
  std::vector<int> tag(const Words& words) const {
    std::vector<int> out(words.size(), outside_);
    for (std::size_t first = 0; first < words.size();) {
      std::size_t end = std::min(words.size(), first + at(longest_));
      auto found = entities_.end();
      for (; end > first && found == entities_.end(); --end) {
        found = entities_.find(joined(words, first, end));
      }
      if (found == entities_.end()) {
        ++first;
        continue;
      }
      const auto& tags = types_[at(found->second)];
      const std::size_t last = end;  // `end` went one step on behind the match
      for (std::size_t t = first; t <= last; ++t) {
        out[t] = tags[t == first ? kFirstStep : t == last ? kLastStep : kInnerStep];
      }
      if (first == last) out[first] = tags[kOnlyStep];
      first = last + 1;
    }
    return out;
  }

  int tags_ = 0, longest_ = 0, outside_ = 0;
  std::map<std::string, int> entities_;  // the number of each one's type
  std::vector<TypeTags> types_;
};

}  // namespace

std::unique_ptr<Method> make_entity_dictionary() { return std::make_unique<EntityDictionary>(); }

}  // namespace refrain::method
