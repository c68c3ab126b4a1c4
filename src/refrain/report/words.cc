#include "refrain/report/words.h"

#include "refrain/report/escape.h"

namespace refrain::report {
namespace {

std::string in_tags(const Words& words, const std::string& tag) {
  if (words.en == words.zh) return escaped(words.en);
  return "<" + tag + " class=\"en\" lang=\"en\">" + escaped(words.en) + "</" + tag + "><" + tag +
         " class=\"zh\" lang=\"zh-CN\">" + escaped(words.zh) + "</" + tag + ">";
}

}  // namespace

std::string both(const Words& words) { return in_tags(words, "span"); }

std::string both_drawn(const Words& words) { return in_tags(words, "tspan"); }

Words same(const std::string& text) { return {text, text}; }

Words operator+(Words a, const Words& b) { return {a.en + b.en, a.zh + b.zh}; }

}  // namespace refrain::report
