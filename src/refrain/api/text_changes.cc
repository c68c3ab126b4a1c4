#include "refrain/api/inside/text_changes.h"

#include <algorithm>

#include "refrain/data/tokenise.h"

namespace refrain::api {
namespace {

constexpr std::size_t kMostTokens = 1500;  // the table of a comparison has the square of them

// Tokens with what stands behind them; the first one also has what stands before it.
std::vector<std::string> pieces_of(const std::string& text) {
  const auto spans = data::token_spans(text);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const std::size_t begin = i == 0 ? 0 : spans[i].begin;
    const std::size_t end = i + 1 < spans.size() ? spans[i + 1].begin : text.size();
    out.push_back(text.substr(begin, end - begin));
  }
  return out;
}

std::string without_blanks(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

bool alike(const std::string& a, const std::string& b) {
  return without_blanks(a) == without_blanks(b);
}

// length[i][k]: of the longest common subsequence of a from i and b from k.
std::vector<std::vector<int>> common_lengths(const std::vector<std::string>& a,
                                             const std::vector<std::string>& b) {
  std::vector<std::vector<int>> length(a.size() + 1, std::vector<int>(b.size() + 1));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t k = b.size(); k-- > 0;) {
      length[i][k] = alike(a[i], b[k]) ? length[i + 1][k + 1] + 1
                                       : std::max(length[i + 1][k], length[i][k + 1]);
    }
  }
  return length;
}

}  // namespace

std::vector<TextPart> text_changes(const std::string& before, const std::string& after) {
  using Kind = TextPart::Kind;
  const auto a = pieces_of(before), b = pieces_of(after);
  if (before == after) return {{Kind::kSame, after}};
  if (a.size() > kMostTokens || b.size() > kMostTokens) return {{Kind::kNew, after}};
  const auto length = common_lengths(a, b);
  std::vector<TextPart> out;
  const auto add = [&](Kind kind, const std::string& piece) {
    if (out.empty() || out.back().kind != kind) out.push_back({kind, ""});
    out.back().text += piece;
  };
  std::size_t i = 0, k = 0;
  while (i < a.size() || k < b.size()) {
    if (i < a.size() && k < b.size() && alike(a[i], b[k])) {
      add(Kind::kSame, b[k]);
      ++i, ++k;
    } else if (k == b.size() || (i < a.size() && length[i + 1][k] >= length[i][k + 1])) {
      add(Kind::kGone, a[i++]);
    } else {
      add(Kind::kNew, b[k++]);
    }
  }
  return out;
}

int changed_tokens(const std::vector<TextPart>& parts) {
  std::size_t out = 0;
  for (const auto& part : parts) {
    if (part.kind != TextPart::Kind::kSame) out += data::token_spans(part.text).size();
  }
  return static_cast<int>(out);
}

}  // namespace refrain::api
