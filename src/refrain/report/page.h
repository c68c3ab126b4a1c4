// A page that stands by itself: one HTML file with its style and its scripts inside, which loads
// nothing and sends nothing (its Content-Security-Policy forbids both and names each script by its
// hash). Two languages, light and dark, paper. Markup that is added must be escaped already
// (escape.h).
#pragma once

#include <string>
#include <vector>

#include "refrain/report/words.h"

namespace refrain::report {

enum class Language { kEnglish, kChinese };

class Page {
 public:
  Page(Words title, Language first) : title_(std::move(title)), first_(first) {}

  // Above the sections: what the page is about.
  void head(std::string markup) { head_ += std::move(markup); }
  // A section with a heading; `id` is its place for links. Nothing where there is no markup.
  void add(const std::string& id, const Words& heading, const std::string& markup);
  // Data for the scripts: one JSON text. Throws nothing; the text is made safe.
  void data(const std::string& id, const std::string& json);
  // Plots that follow the pointer (plot.h) need the plotting library in the page.
  void needs_plots() { plots_ = true; }
  // Recordings inside of the page (data:) may be played.
  void may_play_sound() { sound_ = true; }

  // Lets the page reload itself after this many seconds.
  void refresh(int seconds) { refresh_ = seconds; }

  std::string html() const;

 private:
  struct Part {
    std::string id;
    Words heading;
    std::string markup;
  };

  Words title_;
  Language first_;
  std::string head_, data_;
  std::vector<Part> parts_;
  bool plots_ = false, sound_ = false;
  int refresh_ = 0;
};

// A plain table: names of columns, then rows of cells, all markup. A cell that begins with a digit
// or a sign stands at the right.
using Cells = std::vector<std::string>;
std::string table(const Cells& head, const std::vector<Cells>& rows, const Words& caption = {});

// Folded until somebody opens it.
std::string folded(const Words& title, const std::string& markup);

// A paragraph of words.
std::string paragraph(const Words& words, const std::string& css = "");

// A figure: its caption names the picture for those who hear the page.
std::string figure(const std::string& id, const Words& caption, const std::string& picture);

}  // namespace refrain::report
