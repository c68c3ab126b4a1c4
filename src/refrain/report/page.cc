#include "refrain/report/page.h"

#include <fmt/format.h>

#include <cctype>

#include "refrain/base/digest.h"
#include "refrain/report/assets.h"
#include "refrain/report/escape.h"

namespace refrain::report {
namespace {

// Returns the hash of a script as a content security policy writes it.
std::string hash_of(const std::string& script) {
  const std::string hex = base::sha256(script);
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return "'sha256-" + base64(bytes) + "'";
}

std::string script(const std::string& text) { return "<script>" + text + "</script>\n"; }

// The buttons at the top.
constexpr const char* kTools =
    "<div class=\"tools\"><button type=\"button\" id=\"language\" hidden>"
    "<span class=\"en\" lang=\"zh-CN\">中文</span><span class=\"zh\" lang=\"en\">English</span>"
    "</button><button type=\"button\" id=\"theme\" hidden><span class=\"en\" lang=\"en\">Light or "
    "dark</span><span class=\"zh\" lang=\"zh-CN\">明暗</span></button></div>\n";

bool is_number(const std::string& cell) {
  if (cell.empty()) return false;
  const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  return digit(cell[0]) ||
         (cell.size() > 1 && (cell[0] == '-' || cell[0] == '+') && digit(cell[1]));
}

}  // namespace

void Page::add(const std::string& id, const Words& heading, const std::string& markup) {
  if (!markup.empty()) parts_.push_back({id, heading, markup});
}

void Page::data(const std::string& id, const std::string& json) {
  data_ +=
      "<script type=\"application/json\" id=\"" + id + "\">" + inside_script(json) + "</script>\n";
}

std::string Page::html() const {
  const std::string library = plots_ ? asset("dygraph.min.js") : "", own = asset("page.js");
  const bool chinese = first_ == Language::kChinese;
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"{}\" data-en=\"{}\" data-zh=\"{}\">\n<head>\n"
      "<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'; script-src {}{};{} base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n",
      chinese ? "zh-CN" : "en", escaped(title_.en), escaped(title_.zh), hash_of(own),
      plots_ ? " " + hash_of(library) : "", sound_ ? " media-src data:;" : "",
      escaped(chinese ? title_.zh : title_.en));
  if (refresh_ > 0) {
    out += fmt::format("<meta http-equiv=\"refresh\" content=\"{}\">\n", refresh_);
  }
  out += "<style>\n" + asset("page.css") + (plots_ ? asset("dygraph.min.css") : "") + "</style>\n";
  out += "</head>\n<body>\n<header>\n" + std::string(kTools) + head_ + "</header>\n";
  out += "<nav><ul>\n";
  for (const auto& part : parts_) {
    out += "<li><a href=\"#" + part.id + "\">" + both(part.heading) + "</a></li>\n";
  }
  out += "</ul></nav>\n<main>\n";
  for (const auto& part : parts_) {
    out += fmt::format(
        "<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}"
        "</h2>\n{2}</section>\n",
        part.id, both(part.heading), part.markup);
  }
  out += "</main>\n" + data_;
  if (plots_) out += script(library);
  return out + script(own) + "</body>\n</html>\n";
}

std::string table(const Cells& head, const std::vector<Cells>& rows, const Words& caption) {
  std::string out =
      "<div class=\"wide\" tabindex=\"0\" role=\"group\" data-label-en=\"Table\" "
      "data-label-zh=\"表格\" aria-label=\"Table\"><table>";
  if (!caption.en.empty()) out += "<caption>" + both(caption) + "</caption>";
  out += "<thead><tr>";
  std::vector<bool> right(head.size(), !rows.empty());
  for (std::size_t c = 0; c < head.size(); ++c) {
    for (const auto& row : rows) right[c] = right[c] && (row[c].empty() || is_number(row[c]));
    right[c] = right[c] && c > 0;
    const char* kind = right[c] ? " class=\"n\"" : "";
    out += head[c].empty() ? fmt::format("<td{}></td>", kind)
                           : fmt::format("<th scope=\"col\"{}>{}</th>", kind, head[c]);
  }
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& row : rows) {
    out += "<tr><th scope=\"row\">" + row[0] + "</th>";
    for (std::size_t c = 1; c < row.size(); ++c) {
      out += (right[c] ? "<td class=\"n\">" : "<td>") + row[c] + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string folded(const Words& title, const std::string& markup) {
  return "<details><summary>" + both(title) + "</summary>\n" + markup + "</details>\n";
}

std::string paragraph(const Words& words, const std::string& css) {
  return (css.empty() ? "<p>" : "<p class=\"" + css + "\">") + both(words) + "</p>\n";
}

std::string figure(const std::string& id, const Words& caption, const std::string& picture) {
  return "<figure aria-labelledby=\"" + id + "\"><figcaption id=\"" + id + "\">" + both(caption) +
         "</figcaption>\n" + picture + "</figure>\n";
}

}  // namespace refrain::report
