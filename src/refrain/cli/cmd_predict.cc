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

std::string as_csv(const std::vector<std::string>& classes, const std::vector<Prediction>& rows) {
  std::string out = "id,prediction";
  for (const auto& c : classes) out += "," + csv_field("probability_" + c);
  out += "\n";
  for (const auto& r : rows) {
    out += csv_field(r.id) + "," + csv_field(r.label);
    for (const double p : r.probability) out += fmt::format(",{:.6g}", p);
    out += "\n";
  }
  return out;
}

std::string as_json_lines(const std::vector<std::string>& classes,
                          const std::vector<Prediction>& rows) {
  std::string out;
  for (const auto& r : rows) {
    out += fmt::format("{{\"id\": {}, \"prediction\": {}, \"probability\": {{", json_text(r.id),
                       json_text(r.label));
    for (std::size_t c = 0; c < classes.size(); ++c) {
      out +=
          fmt::format("{}{}: {:.6g}", c > 0 ? ", " : "", json_text(classes[c]), r.probability[c]);
    }
    out += "}}\n";
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
  CLI::App& c = *program.add_subcommand("predict", "class and probabilities of each sample");
  c.add_option("model", a->model, "a file that 'refrain train --out' wrote")->required();
  c.add_option("data", a->data, "data with or without labels")->required();
  c.add_option("--out", a->out,
               "CSV, or JSON Lines where the name ends in .jsonl; - is standard output")
      ->type_name("FILE");
  c.add_flag("--quiet", a->quiet, "no remarks");
  add_options(c, {"Data", "Machine"}, a->options);
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
    write_output(a->out,
                 lines ? as_json_lines(model.classes(), rows) : as_csv(model.classes(), rows));
    return kDone;
  };
}

}  // namespace refrain::cli
