#include "refrain/augment/text/stop_words.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_set>

namespace refrain::augment {
namespace {

const std::unordered_set<std::string_view>& list() {
  static const std::unordered_set<std::string_view> words = {
      // articles, pronouns, determiners
      "a", "an", "the", "i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves",
      "you", "your", "yours", "yourself", "yourselves", "he", "him", "his", "himself", "she", "her",
      "hers", "herself", "it", "its", "itself", "they", "them", "their", "theirs", "themselves",
      "one", "ones", "who", "whom", "whose", "which", "what", "this", "that", "these", "those",
      "some", "any", "each", "every", "either", "neither", "both", "all", "such", "other",
      "another", "same", "own", "few", "many", "much", "more", "most", "less", "least", "several",
      // verbs that help others
      "am", "is", "are", "was", "were", "be", "been", "being", "have", "has", "had", "having", "do",
      "does", "did", "doing", "done", "can", "could", "will", "would", "shall", "should", "may",
      "might", "must", "ought", "need", "let", "get", "gets", "got",
      // prepositions, conjunctions
      "of", "at", "by", "for", "with", "about", "against", "between", "into", "through", "during",
      "before", "after", "above", "below", "to", "from", "up", "down", "in", "out", "on", "off",
      "over", "under", "upon", "within", "without", "toward", "towards", "among", "across", "along",
      "around", "behind", "beside", "besides", "beyond", "near", "since", "until", "till", "per",
      "via", "like", "and", "but", "or", "nor", "so", "yet", "if", "because", "as", "while",
      "although", "though", "unless", "whether", "than", "then", "else",
      // adverbs of place, time, degree; negation
      "here", "there", "when", "where", "why", "how", "again", "further", "once", "only", "just",
      "very", "too", "also", "even", "still", "ever", "never", "always", "now", "not", "no", "none",
      "nothing", "nobody", "nowhere", "cannot", "rather", "quite", "almost", "away", "back",
      // what is left of contractions
      "s", "t", "d", "m", "ll", "re", "ve", "n't", "nt", "'s", "'t", "'d", "'m", "'ll", "'re",
      "'ve", "don't", "doesn't", "didn't", "isn't", "aren't", "wasn't", "weren't", "won't",
      "wouldn't", "can't", "couldn't", "shouldn't", "mustn't", "hasn't", "haven't", "hadn't", "ca",
      "wo", "ain't", "it's", "that's", "there's", "what's", "i'm", "you're", "we're", "they're",
      "i've", "we've", "they've", "he's", "she's", "let's",
      // Chinese
      "的", "地", "得", "了", "着", "过", "吗", "呢", "吧", "啊", "呀", "嘛", "哦", "么", "是",
      "在", "有", "和", "与", "及", "或", "而", "但", "但是", "因为", "所以", "如果", "虽然", "就",
      "都", "也", "还", "又", "才", "只", "很", "太", "最", "更", "不", "没", "没有", "别", "无",
      "我", "你", "您", "他", "她", "它", "我们", "你们", "他们", "她们", "它们", "自己", "这",
      "那", "这个", "那个", "这些", "那些", "什么", "怎么", "谁", "哪", "哪里", "几", "多少", "为",
      "为了", "被", "把", "给", "对", "从", "到", "向", "以", "于", "之", "其", "个", "一", "一个",
      "等", "上", "下", "里", "中", "来", "去", "会", "能", "要", "可以", "应该", "并", "并且"};
  return words;
}

// The first bytes that stop words of each length have; most other words are ruled out without a
// search.
class Shapes {
 public:
  Shapes() {
    for (const auto word : list()) known_[first(word)] |= bit(word);
  }
  bool may_be(std::string_view word) const {
    return !word.empty() && (known_[first(word)] & bit(word)) != 0;
  }

 private:
  static std::size_t first(std::string_view word) { return static_cast<unsigned char>(word[0]); }
  static std::uint64_t bit(std::string_view word) {
    return std::uint64_t{1} << std::min<std::size_t>(word.size(), 63);
  }
  std::array<std::uint64_t, 256> known_{};
};

}  // namespace

bool is_stop_word(std::string_view word) {
  static const Shapes shapes;
  return shapes.may_be(word) && list().contains(word);
}

}  // namespace refrain::augment
