#include "refrain/augment/text/lexicon.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>

#include "refrain/augment/text/words.h"
#include "refrain/base/error.h"

namespace refrain::augment {
namespace {

constexpr std::size_t kMostKept = 100'000;  // words whose synonyms are kept
constexpr int kLongestWord = 12;            // characters of a Chinese word

// True if a word with this ending can be of this part of speech.
bool fits(std::uint8_t part, Ending ending) {
  if (ending == Ending::kNone) return true;
  if (part == Thesaurus::kVerb) return true;
  return part == Thesaurus::kNoun && ending == Ending::kPlural;
}

// A verb of several words has its ending at the first ("put off": "putting off"), a noun at the
// last.
std::string with_ending_of_phrase(const std::string& phrase, const BaseForm& form, bool verb) {
  const auto blank = verb ? phrase.find(' ') : phrase.rfind(' ');
  if (blank == std::string::npos) return with_ending(phrase, form.ending);
  return verb ? with_ending(phrase.substr(0, blank), form.ending) + phrase.substr(blank)
              : phrase.substr(0, blank + 1) + with_ending(phrase.substr(blank + 1), form.ending);
}

std::string head_of_phrase(const std::string& phrase, bool verb) {
  const auto blank = verb ? phrase.find(' ') : phrase.rfind(' ');
  if (blank == std::string::npos) return phrase;
  return verb ? phrase.substr(0, blank) : phrase.substr(blank + 1);
}

// "words", "scissors", not "glass" and "virus".
bool is_plural(const std::string& word) {
  return word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") &&
         !word.ends_with("is");
}

// The folder that WordNet's own programs would use.
std::string usual_folder() {
  const char* folder = std::getenv("WNSEARCHDIR");
  return folder != nullptr ? folder : "/usr/share/wordnet";
}

std::unique_ptr<Lexicon> load(const std::string& name) {
  const std::string folder = wordnet_folder(name);
  if (!folder.empty()) return std::make_unique<Lexicon>(read_wordnet(folder), true, true);
  Thesaurus thesaurus = read_synonyms(name);
  // A wordnet has a sense for nearly every character; few stand for themselves in a text.
  const bool single = !name.ends_with(".tab");
  return std::make_unique<Lexicon>(std::move(thesaurus), false, single);
}

}  // namespace

int Thesaurus::word(std::string_view text) {
  if (const int known = find(text); known >= 0) return known;
  const int number = words();
  numbers_.emplace(text, number);
  texts_.emplace_back(text);
  irregular_.push_back(0);
  senses_.emplace_back();
  return number;
}

int Thesaurus::find(std::string_view text) const {
  const auto found = numbers_.find(text);
  return found == numbers_.end() ? -1 : found->second;
}

int Thesaurus::add_group(std::uint8_t part) {
  members_.emplace_back();
  parts_.push_back(part);
  return static_cast<int>(members_.size()) - 1;
}

void Thesaurus::add_sense(int word, int group) {
  auto& senses = senses_[at(word)];
  const bool is_new = std::find(senses.begin(), senses.end(), group) == senses.end();
  if (group == kAlone || is_new) senses.push_back(group);
}

Lexicon::Lexicon(Thesaurus thesaurus, bool english, bool single)
    : thesaurus_(std::move(thesaurus)), english_(english), single_(single) {
  if (english_) return;
  for (int i = 0; i < thesaurus_.words(); ++i) {
    if (thesaurus_.senses(i).empty()) continue;
    const auto size = static_cast<int>(data::code_points(thesaurus_.text(i)).size());
    longest_ = std::max(longest_, std::min(size, kLongestWord));
  }
}

bool Lexicon::knows(std::string_view word) const {
  const auto found = [&](std::string_view text) {
    const int number = thesaurus_.find(text);
    return number >= 0 && !thesaurus_.senses(number).empty();
  };
  if (!english_) return found(word);
  const auto forms = base_forms(word);
  return std::any_of(forms.begin(), forms.end(),
                     [&](const auto& form) { return found(form.base); });
}

void Lexicon::add_candidates(const BaseForm& form, int group,
                             std::vector<std::string>& found) const {
  const std::uint8_t part = thesaurus_.part(group);
  const bool verb = part == Thesaurus::kVerb;
  for (const int member : thesaurus_.members(group)) {
    const std::string& text = thesaurus_.text(member);
    if (text == form.base) continue;
    if (form.ending == Ending::kNone) {
      found.push_back(text);
      continue;
    }
    const std::string head = head_of_phrase(text, verb);
    const int number = thesaurus_.find(head);
    if (number >= 0 && thesaurus_.irregular(number, part)) continue;
    if (form.ending == Ending::kPlural && is_plural(head)) continue;
    found.push_back(with_ending_of_phrase(text, form, verb));
  }
}

std::vector<std::string> Lexicon::candidates(const BaseForm& form, int senses) const {
  std::vector<std::string> found;
  const int number = thesaurus_.find(form.base);
  if (number < 0) return found;
  int used = 0;
  for (const int group : thesaurus_.senses(number)) {
    const bool alone = group == Thesaurus::kAlone;
    if (!alone && !fits(thesaurus_.part(group), form.ending)) continue;
    if (!alone) add_candidates(form, group, found);
    if (++used == senses) break;
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::string Lexicon::draw(std::string_view word, int senses, base::Rng& rng) const {
  const auto found = synonyms(lower(word), senses);
  if (found->empty()) return {};
  return in_case_of(word, (*found)[static_cast<std::size_t>(rng.below(found->size()))]);
}

std::vector<std::string> Lexicon::find_synonyms(const std::string& low, int senses) const {
  if (!single_ && count_points(low) == 1) return {};
  const auto forms = english_ ? base_forms(low) : std::vector<BaseForm>{{low, Ending::kNone}};
  for (const BaseForm& form : forms) {
    auto found = candidates(form, senses);
    if (!found.empty()) return found;
  }
  return {};
}

Lexicon::Synonyms Lexicon::synonyms(const std::string& low, int senses) const {
  const std::string key = std::to_string(senses) + ' ' + low;
  const std::lock_guard lock(mutex_);
  if (const auto known = kept_.find(key); known != kept_.end()) return known->second;
  auto found = std::make_shared<const std::vector<std::string>>(find_synonyms(low, senses));
  if (kept_.size() < kMostKept) kept_.emplace(key, found);
  return found;
}

bool has_wordnet() {
  std::error_code error;
  return std::filesystem::exists(usual_folder() + "/data.noun", error);
}

std::string wordnet_folder(const std::string& name) {
  std::error_code error;
  if (name != "wordnet") return std::filesystem::is_directory(name, error) ? name : "";
  if (has_wordnet()) return usual_folder();
  throw Error(Code::kUsage,
              "what words mean in English is read from WordNet, which is not at " + usual_folder(),
              "install Debian's wordnet-base, or give a table of your own in place of 'wordnet'");
}

const Lexicon& lexicon(const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<Lexicon>> known;
  const std::lock_guard lock(mutex);
  auto& entry = known[name];
  if (!entry) entry = load(name);
  return *entry;
}

}  // namespace refrain::augment
