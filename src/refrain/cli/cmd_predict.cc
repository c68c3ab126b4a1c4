// refrain predict MODEL DATA [--out FILE|-]
#include <fmt/format.h>

#include <memory>

#include "refrain/api/model.h"
#include "refrain/api/output.h"
#include "refrain/cli/command.h"

namespace refrain::cli {
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

std::string as_csv(const Model& model, const std::vector<Prediction>& rows) {
  const auto names = names_of(model);
  const std::size_t first = first_number(model);
  std::string out = "id,prediction";
  for (std::size_t c = first; c < names.size(); ++c) out += "," + csv_field(names[c]);
  out += "\n";
  for (const auto& r : rows) {
    out += csv_field(r.id) + "," + csv_field(r.answer);
    for (std::size_t c = first; c < names.size(); ++c) {
      out += "," + number_text(model, r.numbers[c]);
    }
    out += "\n";
  }
  return out;
}

// {"id", "prediction", "probability": {...}} of classes; of numbers each column by its name.
std::string as_json_lines(const Model& model, const std::vector<Prediction>& rows) {
  const bool classes = !model.classes().empty();
  const auto& names = model.columns();
  const std::size_t first = first_number(model);
  std::string out;
  for (const auto& r : rows) {
    out += fmt::format("{{\"id\": {}, \"prediction\": {}", json_text(r.id),
                       classes ? json_text(r.answer) : number_text(model, r.numbers[0]));
    out += classes ? ", \"probability\": {" : "";
    for (std::size_t c = first; c < names.size(); ++c) {
      out += fmt::format("{}{}: {}", classes && c == 0 ? "" : ", ", json_text(names[c]),
                         number_text(model, r.numbers[c]));
    }
    out += classes ? "}}\n" : "}\n";
  }
  return out;
}

}  // namespace

std::function<int()> add_predict(CLI::App& program) {
  struct Arguments {
    std::string model, data, out = "-";
    bool quiet = false;
    OptionValues options;
  };
  auto a = std::make_shared<Arguments>();
  CLI::App& c = *program.add_subcommand(
      "predict", "the answer about each sample, with its probabilities or interval");
  c.add_option("model", a->model, "a file that 'refrain train --out' wrote")->required();
  c.add_option("data", a->data, "data with or without labels")->required();
  c.add_option("--out", a->out,
               "CSV, or JSON Lines where the name ends in .jsonl; - is standard output")
      ->type_name("FILE");
  c.add_flag("--quiet", a->quiet, "no remarks");
  add_options(c, {"Data", "Encoder", "Machine"}, a->options);
  return [a] {
    require_apart({a->model, a->data}, {a->out});
    if (a->out != "-") require_writable(a->out);
    Options options;
    apply_options(a->options, options);
    Hooks hooks;
    hooks.message = message_printer(a->quiet);
    const Model model = Model::load(a->model);
    const auto rows = model.predict(a->data, options, hooks);
    const bool lines = a->out.ends_with(".jsonl");
    write_output(a->out, lines ? as_json_lines(model, rows) : as_csv(model, rows));
    return kDone;
  };
}

}  // namespace refrain::cli
