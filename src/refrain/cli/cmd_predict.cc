// refrain predict MODEL DATA|- [--out FILE|-]
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "refrain/api/forecast.h"
#include "refrain/api/lines.h"
#include "refrain/api/model.h"
#include "refrain/api/output.h"
#include "refrain/api/transducer.h"
#include "refrain/cli/answers_text.h"
#include "refrain/cli/command.h"

namespace refrain::cli {
namespace {

struct PredictArguments {
  std::string model, data, out = "-", plot;
  bool quiet = false;
  OptionValues options;
};

// The lines of standard input; the last one need not end.
class Input {
 public:
  ~Input() { std::free(line_); }

  bool next(std::string& out) {
    const auto size = ::getline(&line_, &room_, stdin);
    if (size < 0) return check_end();
    out.assign(line_, static_cast<std::size_t>(size));
    while (out.ends_with('\n') || out.ends_with('\r')) out.pop_back();
    if (number_++ == 0 && out.starts_with("\xef\xbb\xbf")) out.erase(0, 3);
    return true;
  }
  int number() const { return number_; }

 private:
  static bool check_end() {
    if (std::ferror(stdin) == 0) return false;
    throw Error(Code::kIo, fmt::format("cannot read standard input: {}", std::strerror(errno)),
                "give a file instead");
  }

  char* line_ = nullptr;
  std::size_t room_ = 0;
  int number_ = 0;
};

// Answers that go out as they come, or into a file once all are there.
class Output {
 public:
  explicit Output(const std::string& path) : path_(path) {}

  void add(const std::string& text) {
    if (path_ == "-") {
      write_output(path_, text);
    } else {
      text_ += text;
    }
  }
  void finish() const {
    if (path_ != "-") write_output(path_, text_);
  }

 private:
  const std::string& path_;
  std::string text_;
};

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t") == std::string::npos;
}

void answer_lines(const Model& model, const PredictArguments& a, const Options& options) {
  const Lines lines(model, options);
  Input input;
  Output output(a.out);
  const bool tags = model.task() == "tag";
  const TaggerForm tagger = tags ? tagger_form(model) : TaggerForm();
  Form form = a.out.ends_with(".jsonl") ? Form::kJsonLines : Form::kCsv;
  if (tags) form = form_of_tags(tagger, a.out);
  output.add(tags ? tags_head(tagger, form) : answers_head(model, form));
  for (std::string text; input.next(text);) {
    const int line = input.number();
    if (tags) {
      output.add(tags_text(tagger, lines.tag(text, line), form));
    } else if (is_blank(text)) {
      output.add(no_answer_text(model, std::to_string(line), form));
    } else {
      output.add(answer_text(model, lines.predict(text, line), form));
    }
  }
  output.finish();
}

std::string answer_file(const Model& model, const PredictArguments& a, const Options& options,
                        const Hooks& hooks) {
  if (model.task() == "tag") {
    const TaggerForm tagger = tagger_form(model);
    const Form form = form_of_tags(tagger, a.out);
    std::string out = tags_head(tagger, form);
    for (const auto& one : tag(model, a.data, options, hooks)) out += tags_text(tagger, one, form);
    return out;
  }
  const Form form = a.out.ends_with(".jsonl") ? Form::kJsonLines : Form::kCsv;
  std::string out = answers_head(model, form);
  for (const auto& one : model.predict(a.data, options, hooks)) {
    out += answer_text(model, one, form);
  }
  return out;
}

// CSV or JSON Lines of the steps behind each series, and the same as a picture where it is wanted.
void write_forecasts(const PredictArguments& a, const Options& options, const Hooks& hooks) {
  if (a.data == "-") {
    throw Error(Code::kUsage, "a forecaster continues the series of a file", "name the file");
  }
  const Forecaster model = Forecaster::load(a.model);
  const Form form = a.out.ends_with(".jsonl") ? Form::kJsonLines : Form::kCsv;
  std::string out = forecast_head(model, form), picture;
  for (const auto& step :
       model.predict(a.data, options, hooks, a.plot.empty() ? nullptr : &picture)) {
    out += forecast_text(model, step, form);
  }
  write_output(a.out, out);
  if (!a.plot.empty()) write_output(a.plot, picture);
}

// Replies to the lines of standard input, each as it comes.
void reply_to_lines(const Transducer& model, const PredictArguments& a, const Options& options) {
  const Form form = form_of_replies(a.out);
  if (model.task() == "transcribe") {
    throw Error(Code::kUsage, "lines are texts, and this model transcribes recordings or series",
                "name a file");
  }
  Input input;
  Output output(a.out);
  output.add(reply_head(form));
  for (std::string line; input.next(line);) {
    auto reply = model.predict_texts({line}, options).front();
    reply.id = std::to_string(input.number());
    output.add(reply_text(model, reply, form));
  }
  output.finish();
}

void write_replies(const PredictArguments& a, const Options& options, const Hooks& hooks) {
  const Transducer model = Transducer::load(a.model);
  if (a.data == "-") return reply_to_lines(model, a, options);
  const Form form = form_of_replies(a.out);
  std::string out = reply_head(form);
  for (const auto& reply : model.predict(a.data, options, hooks)) {
    out += reply_text(model, reply, form);
  }
  write_output(a.out, out);
}

}  // namespace

std::function<int()> add_predict(CLI::App& program) {
  auto a = std::make_shared<PredictArguments>();
  CLI::App& c = *program.add_subcommand(
      "predict", "the answer about each sample, with its probabilities or interval");
  c.add_option("model", a->model, "a file that 'refrain train --out' wrote")->required();
  c.add_option("data", a->data,
               "data with or without labels; - is standard input, a text a line, answered line by "
               "line")
      ->required();
  c.add_option("--out", a->out,
               "CSV, or JSON Lines where the name ends in .jsonl, or tagged words where it ends in "
               ".conll; - is standard output, where tags of words are CoNLL columns")
      ->type_name("FILE");
  c.add_option("--plot", a->plot,
               "forecasts as a picture: the last values of each series, the forecast and its "
               "quantiles")
      ->type_name("FILE.svg");
  c.add_flag("--quiet", a->quiet, "no remarks");
  add_options(c, {"Data", "Encoder", "Machine", "Replies"}, a->options);
  show_in_help(c, "Results", {"out", "quiet"});
  return [a] {
    require_apart({a->model, a->data}, {a->out, a->plot});
    if (a->out != "-") require_writable(a->out);
    if (!a->plot.empty()) require_writable(a->plot);
    Options options;
    apply_options(a->options, options);
    Hooks hooks;
    hooks.message = message_printer(a->quiet);
    if (is_forecaster(a->model)) {
      write_forecasts(*a, options, hooks);
      return kDone;
    }
    if (is_transducer(a->model) && a->plot.empty()) {
      write_replies(*a, options, hooks);
      return kDone;
    }
    if (!a->plot.empty()) {
      throw Error(Code::kUsage, "--plot draws forecasts, and the model gives none",
                  "leave it out, or name a model of --task forecast");
    }
    const Model model = Model::load(a->model);
    if (a->data == "-") {
      answer_lines(model, *a, options);
    } else {
      write_output(a->out, answer_file(model, *a, options, hooks));
    }
    return kDone;
  };
}

}  // namespace refrain::cli
