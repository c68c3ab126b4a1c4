// The parts that the pages of all tasks share. Each adds a section to the page, or nothing where
// the run has nothing to say there. For the sources of this layer only.
#pragma once

#include <string>
#include <vector>

#include "refrain/api/pages/told.h"
#include "refrain/base/table.h"
#include "refrain/report/page.h"
#include "refrain/report/plot.h"

namespace refrain::api {

struct Inspection;

// The name of a metric, a task, a stop in words.
report::Words metric_words(const std::string& metric);
report::Words task_words(const std::string& task);

// Title, score, and whether a simple method does as well; `more`: what the task adds to the
// verdict.
void put_verdict(const Told& told, const std::vector<report::Words>& more, report::Page& page);
// All metrics, and the simple methods beside the model.
void put_score_part(const Told& told, report::Page& page);
void put_learning(const Told& told, report::Page& page);
void put_data_part(const Told& told, report::Page& page);
// Adds what is in the data files if they are still those of the run (api/inspection.h), and the
// parts of some samples that speak for the answers of its model (api/explain.h).
void put_inspected(const Told& told, report::Page& page);
void put_looked_at(const Told& told, report::Page& page);
// What an inspection found, as a table; "" where that is nothing.
std::string findings_told(const Inspection& found);
// Options, receipt, and the command that repeats the run.
void put_settings(const Told& told, report::Page& page);

// Any table of plain data as markup.
std::string table_markup(const Table& table);

// A value of each answer: how far it is right (a share) or wrong; value[repeat][sample].
struct Measured {
  std::vector<std::vector<double>> values;
  bool share = true;
  report::Words what;  // "share of samples that are right"
};
// Mean of the chosen samples of each repeat with its 95 % interval; groups count as one.
Score mean_told(const Told& told, const Measured& measured,
                const std::vector<std::vector<int>>& chosen);
// The share that is right with its interval, of answers in any order; those of one unit count as
// one.
Score share_of(const std::vector<double>& hits, const std::vector<int>& unit);
// Adds scores by length, by group, and by words that are absent from training.
void put_slices(const Told& told, const Measured& measured, report::Page& page);

// Returns the content of a sample as JSON for page.js: its text, or one list of numbers from 0 to
// 100 for each channel.
base::Json content_of(const data::Sample& sample);
// Returns the content of a sample as markup, for pages without scripts.
std::string content_markup(const data::Sample& sample);

// The pages of the tasks: what they add to the parts above.
void put_classify(const Told& told, report::Page& page);
void put_regress(const Told& told, report::Page& page);
void put_tag(const Told& told, report::Page& page);
void put_forecast(const Told& told, report::Page& page);
void put_reply(const Told& told, report::Page& page);

}  // namespace refrain::api
