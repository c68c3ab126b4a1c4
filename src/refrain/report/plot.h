// Pictures of a page as SVG, drawn here so that they are there on paper and without scripts, too.
// They are 360 units wide, as a phone is, and grow with the page; colours come from its style.
#pragma once

#include <string>
#include <vector>

#include "refrain/base/table.h"
#include "refrain/report/words.h"

namespace refrain::report {

struct Line {
  Words name;
  std::vector<double> x, y;  // NaN in y is a gap
  bool second = false;       // dashed, in the second colour: what came, what was wanted
};

struct LinePlot {
  Words x, y;  // labels of the axes
  std::vector<Line> lines;
  double mark = 0;  // an upright line at this x
  Words mark_name;  // empty: there is none
};
std::string line_plot(const LinePlot& plot);
// Draws a plot that also follows the pointer where scripts run (Page::needs_plots).
std::string live_plot(const LinePlot& plot);

// Values with intervals under each other. An interval whose ends are NaN is not drawn.
struct IntervalRow {
  std::string name;  // shortened where it is long
  Score score;
  bool own = false;  // in the first colour
  std::string note;  // small, behind the name
  Words shown = {};  // in place of the name where it has two languages
};
struct IntervalPlot {
  std::vector<IntervalRow> rows;
  bool share = false;  // from 0 to 1, written as such
};
std::string interval_plot(const IntervalPlot& plot);

// Points, and the line on which both numbers are equal.
struct ScatterPlot {
  Words x, y;
  std::vector<double> across, up;
  std::vector<double> low, high;  // intervals of `up`; empty: none
};
std::string scatter_plot(const ScatterPlot& plot);

// Probability that was given against the share that came true: means of some samples each.
struct ReliabilityBin {
  double said = 0;
  Score came;
};
std::string reliability_plot(const std::vector<ReliabilityBin>& bins);

// Steps with labels: a row of coloured stretches for each of several sequences. Colours are those
// of the labels' places in `labels` and repeat after eight; labels stand in the stretches where
// there is room.
struct Stretch {
  int begin = 0, end = 0;
  std::string label;
};
struct StretchRow {
  Words name;
  std::vector<Stretch> stretches;
};
std::string stretches(const std::vector<StretchRow>& rows, const std::vector<std::string>& labels);
// Returns the legend of the colours.
std::string stretch_legend(const std::vector<std::string>& labels);

// How many values there are of each size.
std::string histogram(const std::vector<double>& values, const Words& x);

// A number as pages write it: three digits behind the point, or four digits that count.
std::string number_text(double value);
// With its interval where it has one: "0.938 (0.870 to 0.981)".
Words score_words(const Score& score);

}  // namespace refrain::report
