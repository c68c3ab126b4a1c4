#include "refrain/cli/answers_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "refrain/api/output.h"

namespace refrain::cli {

using namespace api;

namespace {

std::string json_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

// Of a classification the numbers are probabilities; "class" there, the column's name elsewhere.
std::vector<std::string> names_of(const Model& model) {
  std::vector<std::string> out = model.columns();
  for (auto& name : out) {
    if (!model.classes().empty()) name = "probability_" + name;
  }
  return out;
}

// What is predicted stands in words already; of one number there is no second column.
std::size_t first_number(const Model& model) {
  const auto& columns = model.columns();
  return model.classes().empty() && (columns.size() == 1 || columns[1] == "low") ? 1 : 0;
}

// Probabilities have six digits; predicted numbers and their bounds as many as read back the same.
std::string number_text(const Model& model, double value) {
  return model.classes().empty() ? fmt::format("{}", value) : fmt::format("{:.6g}", value);
}

std::string csv_row(const Model& model, const Prediction& r) {
  std::string out = csv_field(r.id) + "," + csv_field(r.answer);
  for (std::size_t c = first_number(model); c < model.columns().size(); ++c) {
    out += "," + number_text(model, r.numbers[c]);
  }
  return out + "\n";
}

// {"id", "prediction", "probability": {...}} of classes; of numbers each column by its name.
std::string json_line(const Model& model, const Prediction& r) {
  const bool classes = !model.classes().empty();
  const auto& names = model.columns();
  std::string out = fmt::format("{{\"id\": {}, \"prediction\": {}", json_text(r.id),
                                classes ? json_text(r.answer) : number_text(model, r.numbers[0]));
  out += classes ? ", \"probability\": {" : "";
  for (std::size_t c = first_number(model); c < names.size(); ++c) {
    out += fmt::format("{}{}: {}", classes && c == 0 ? "" : ", ", json_text(names[c]),
                       number_text(model, r.numbers[c]));
  }
  return out + (classes ? "}}\n" : "}\n");
}

template <class List, class Show>
std::string json_list(const List& list, const Show& show) {
  std::string out = "[";
  for (const auto& item : list) out += (out.size() > 1 ? ", " : "") + show(item);
  return out + "]";
}

std::string json_words(const std::vector<std::string>& words) {
  return json_list(words, json_text);
}

std::string json_places(const std::vector<int>& places) {
  return json_list(places, [](int place) { return std::to_string(place); });
}

// The characters [begin, end) of a text.
std::string characters_of(const std::string& text, int begin, int end) {
  std::string out;
  int at = -1;
  for (const char c : text) {
    at += (c & 0xc0) == 0x80 ? 0 : 1;
    if (at >= begin && at < end) out += c;
  }
  return out;
}

std::string span_text(const Tagged& answer, const TagSpan& span) {
  if (answer.raw) return characters_of(answer.text, span.begin, span.end);
  return fmt::format(
      "{}", fmt::join(answer.words.begin() + span.begin, answer.words.begin() + span.end, " "));
}

std::string json_span(const Tagged& answer, const TagSpan& span) {
  const std::string text =
      answer.words.empty() ? "" : ", \"text\": " + json_text(span_text(answer, span));
  return fmt::format("{{\"start\": {}, \"end\": {}, \"label\": {}{}, \"probability\": {:.6g}}}",
                     span.begin, span.end, json_text(span.label), text, span.probability);
}

// Words of the file come with their tags, so that the file is tagged data again; raw texts with
// plain labels as words with their places.
std::string tags_json_line(const TaggerForm& tagger, const Tagged& a) {
  std::string out = "{\"id\": " + json_text(a.id);
  const bool whole = a.raw && tagger.spans;
  if (whole) out += ", \"text\": " + json_text(a.text);
  if (tagger.texts && !whole) out += ", \"tokens\": " + json_words(a.words);
  if (a.raw && !whole) {
    out += ", \"start\": " + json_places(a.begin) + ", \"end\": " + json_places(a.end);
  }
  if (!whole) out += ", \"tags\": " + json_words(a.tags);
  if (!a.label.empty()) out += ", \"label\": " + json_text(a.label);
  if (tagger.spans) {
    out += ", \"spans\": " +
           json_list(a.spans, [&](const TagSpan& span) { return json_span(a, span); });
  } else {
    out += ", \"probability\": " +
           json_list(a.probability, [](double p) { return fmt::format("{:.6g}", p); });
  }
  return out + "}\n";
}

std::string tags_csv_row(const TaggerForm& tagger, const Tagged& a, std::size_t i) {
  const std::string place =
      tagger.texts ? fmt::format("{},{},{}", csv_field(a.words[i]), a.begin[i], a.end[i])
                   : std::to_string(a.begin[i]);
  return fmt::format("{},{},{},{:.6g}\n", csv_field(a.id), place, csv_field(a.tags[i]),
                     a.probability[i]);
}

}  // namespace

std::string answers_head(const Model& model, Form form) {
  if (form != Form::kCsv) return "";
  const auto names = names_of(model);
  std::string out = "id,prediction";
  for (std::size_t c = first_number(model); c < names.size(); ++c) out += "," + csv_field(names[c]);
  return out + "\n";
}

std::string answer_text(const Model& model, const Prediction& answer, Form form) {
  return form == Form::kCsv ? csv_row(model, answer) : json_line(model, answer);
}

std::string no_answer_text(const Model& model, const std::string& id, Form form) {
  if (form != Form::kCsv)
    return fmt::format("{{\"id\": {}, \"prediction\": null}}\n", json_text(id));
  return csv_field(id) + std::string(1 + model.columns().size() - first_number(model), ',') + "\n";
}

Form form_of_tags(const TaggerForm& tagger, const std::string& path) {
  const std::string ending = path == "-" ? "" : std::filesystem::path(path).extension().string();
  if (ending == ".jsonl") return Form::kJsonLines;
  if (ending == ".csv") return Form::kCsv;
  if (ending.empty()) return tagger.texts ? Form::kConll : Form::kCsv;
  if (ending == ".conll" && tagger.texts) return Form::kConll;
  throw Error(Code::kUsage,
              fmt::format("--out {}: tags {} are not written as '{}'", path,
                          tagger.texts ? "of words" : "of series", ending),
              tagger.texts ? "name a file that ends in .conll, .jsonl or .csv"
                           : "name a file that ends in .csv or .jsonl");
}

std::string tags_head(const TaggerForm& tagger, Form form) {
  if (form != Form::kCsv) return "";
  return tagger.texts ? "id,word,start,end,tag,probability\n" : "id,step,tag,probability\n";
}

std::string tags_text(const TaggerForm& tagger, const Tagged& answer, Form form) {
  if (form == Form::kJsonLines) return tags_json_line(tagger, answer);
  std::string out;
  for (std::size_t i = 0; i < answer.tags.size(); ++i) {
    out += form == Form::kCsv ? tags_csv_row(tagger, answer, i)
                              : answer.words[i] + "\t" + answer.tags[i] + "\n";
  }
  return form == Form::kConll ? out + "\n" : out;
}

std::string forecast_head(const Forecaster& model, Form form) {
  if (form != Form::kCsv) return "";
  std::string out = "id,time,prediction";
  for (const double q : model.quantiles()) out += fmt::format(",q{:g}", q);
  return out + "\n";
}

std::string forecast_text(const Forecaster& model, const ForecastStep& step, Form form) {
  std::string out;
  if (form == Form::kCsv) {
    out = fmt::format("{},{},{}", csv_field(step.id), csv_field(step.time), step.prediction);
    for (const double q : step.quantiles) out += fmt::format(",{}", q);
    return out + "\n";
  }
  for (std::size_t q = 0; q < step.quantiles.size(); ++q) {
    out +=
        fmt::format("{}\"{:g}\": {}", q == 0 ? "" : ", ", model.quantiles()[q], step.quantiles[q]);
  }
  return fmt::format("{{\"id\": {}, \"time\": {}, \"prediction\": {}, \"quantiles\": {{{}}}}}\n",
                     json_text(step.id), json_text(step.time), step.prediction, out);
}

Form form_of_replies(const std::string& path) {
  if (path.ends_with(".jsonl")) return Form::kJsonLines;
  return path.ends_with(".csv") ? Form::kCsv : Form::kLines;
}

std::string reply_head(Form form) { return form == Form::kCsv ? "id,prediction\n" : ""; }

namespace {

std::string option_json(const Transducer& model, const ReplyOption& o) {
  std::string out = fmt::format("{{\"text\": {}, \"log_probability\": {}, \"score\": {}",
                                json_text(o.text), o.log_probability, o.score);
  if (!model.has_times()) return out + "}";
  out += model.in_seconds() ? ", \"seconds\": [" : ", \"steps\": [";
  for (std::size_t k = 0; k < o.symbols.size(); ++k) {
    const auto& s = o.symbols[k];
    out += fmt::format("{}[{}, {:.6g}, {:.6g}]", k == 0 ? "" : ", ", json_text(s.text), s.begin,
                       s.end);
  }
  return out + "]}";
}

}  // namespace

std::string reply_text(const Transducer& model, const WrittenReply& reply, Form form) {
  const auto& best = reply.options.front();
  if (form == Form::kLines) return best.text + "\n";
  if (form == Form::kCsv) return csv_field(reply.id) + "," + csv_field(best.text) + "\n";
  std::string options;
  for (const auto& o : reply.options) {
    options += (options.empty() ? "" : ", ") + option_json(model, o);
  }
  return fmt::format("{{\"id\": {}, \"prediction\": {}, \"options\": [{}]}}\n", json_text(reply.id),
                     json_text(best.text), options);
}

}  // namespace refrain::cli
