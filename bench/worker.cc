// Refrain's side of bench/compare.py: reads one JSON case a line on standard input, measures it and
// prints one JSON result a line. It lives as long as the comparison, so that it and the peers'
// workers can take turns.
//
//   {"kind": "dense", "cell": "gru", "shape": [32, 100, 8, 64], "seconds": 0.5, "threads": 1}
//   -> {"ms": 1.52, "best_ms": 1.50, "repeats": 328, "cores": 0.99, "loss": [1.39, 0.02]}
//
// "clock": "cpu" takes processor time in place of wall time.
//
// kinds          what is measured
//   dense, bidirectional, ragged ("lengths": [B]), recurrent_dropout    a training step
//   chain        loss and gradients of a conditional random field, shape [B, T, tags, tags]
//   ctc          loss and gradients of connectionist temporal classification, shape [B, T, written,
//                symbols]
//   tagger       a training step of two directions below one of 9 tags, shape [B, T, I, H]
//   seq2seq      a training step of a decoder above an encoder, shape [B, T, symbols, H], with
//                "read" and "written" [B], the lengths of both sides
//   beam         a beam search, shape [hypotheses, symbols read and written, symbols, H]
//   streaming    one time step, shape [1, 1, I, H]
//   encoder      {"folder": F, "texts": [...]}: states of texts by the encoder in a folder; with
//                "show": true the token numbers and states themselves
//   fma          {"gflops": x, "isa": "avx512"}: the ceiling of one core
//   program      {"command": [...], "log": FILE} -> {"ms":, "peak_mb":, "exit_code":}
//   kinds        {"kinds": [...]}: this list
#include <cstdlib>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "bench/chain_step.h"
#include "bench/ctc_step.h"
#include "bench/fma.h"
#include "bench/program.h"
#include "bench/reply_step.h"
#include "bench/streaming.h"
#include "bench/training_step.h"
#include "refrain/base/files.h"
#include "refrain/kernels/isa.h"
#include "refrain/transformer/encoder.h"
#include "refrain/transformer/wordpiece.h"

namespace refrain::bench {
namespace {

using nlohmann::json;
using Handler = json (*)(const json&);

json to_json(const Timing& t) {
  return {{"ms", t.median_ms}, {"best_ms", t.best_ms}, {"repeats", t.repeats}, {"cores", t.cores}};
}

double seconds_of(const json& request) { return request.value("seconds", 0.5); }
Clock clock_of(const json& request) {
  return request.value("clock", "wall") == "cpu" ? processor_seconds : now_seconds;
}

json training_step(const json& request) {
  StepCase c;
  const std::string kind = request.at("kind");
  const auto shape = request.at("shape").get<std::vector<int>>();
  if (shape.size() != 4) throw Error(Code::kUsage, "a shape is [B, T, I, H]");
  c.cell = request.at("cell");
  c.B = shape[0], c.T = shape[1], c.I = shape[2], c.H = shape[3];
  c.bidirectional = kind == "bidirectional";
  c.recurrent_dropout = kind == "recurrent_dropout" ? 0.25 : 0;
  c.recompute = request.value("recompute", "auto");
  c.threads = request.value("threads", 1);
  if (kind == "ragged") c.lengths = request.at("lengths").get<std::vector<int>>();
  TrainingStep step(c);
  const double first = step.run();
  double last = first;
  json result =
      to_json(measure(seconds_of(request), clock_of(request), [&] { last = step.run(); }));
  result["loss"] = {first, last};
  result["megabytes"] = step.megabytes();
  return result;
}

json chain(const json& request) {
  const auto shape = request.at("shape").get<std::vector<int>>();
  if (shape.size() != 4) throw Error(Code::kUsage, "a shape is [B, T, I, H]");
  const bool alone = request.at("kind") == "chain";
  ChainCase c{"", shape[0], shape[1], 1, 1, shape[3]};
  if (!alone) c = {request.at("cell"), shape[0], shape[1], shape[2], shape[3], 9};
  ChainStep step(c);
  const double first = step.run();
  double last = first;
  json result =
      to_json(measure(seconds_of(request), clock_of(request), [&] { last = step.run(); }));
  result["loss"] = {first, last};
  return result;
}

json ctc(const json& request) {
  const auto shape = request.at("shape").get<std::vector<int>>();
  if (shape.size() != 4) throw Error(Code::kUsage, "a shape is [B, T, written, symbols]");
  CtcStep step({shape[0], shape[1], shape[2], shape[3]});
  const double loss = step.run();
  json result = to_json(measure(seconds_of(request), clock_of(request), [&] { step.run(); }));
  result["loss"] = {loss, loss};
  return result;
}

json replies(const json& request) {
  const auto shape = request.at("shape").get<std::vector<int>>();
  ReplyStep step({request.at("read").get<std::vector<int>>(),
                  request.at("written").get<std::vector<int>>(), shape.at(2), shape.at(3)});
  const double first = step.run();
  double last = first;
  json result =
      to_json(measure(seconds_of(request), clock_of(request), [&] { last = step.run(); }));
  result["loss"] = {first, last};
  return result;
}

json beam(const json& request) {
  const auto shape = request.at("shape").get<std::vector<int>>();
  BeamSearch search({shape.at(1), shape.at(1), shape.at(2), shape.at(3), shape.at(0)});
  json result = to_json(measure(seconds_of(request), clock_of(request), [&] { search.run(); }));
  result["written"] = search.run();
  return result;
}

json streaming(const json& request) {
  const auto shape = request.at("shape").get<std::vector<int>>();
  return to_json(streaming_step(request.at("cell"), shape.at(2), shape.at(3), seconds_of(request),
                                clock_of(request)));
}

json encoder(const json& request) {
  const std::string folder = request.at("folder");
  const transformer::Config config = transformer::read_config(folder);
  const std::string path = folder + "/model.safetensors";
  const transformer::Encoder encoder(config, base::read_file(path).bytes, path);
  const auto pieces = transformer::WordPiece::from_folder(folder);
  std::vector<transformer::TokenIds> ids;
  for (const std::string text : request.at("texts")) {
    ids.push_back(pieces.tokens(text, config.positions).ids);
  }
  const int threads = request.value("threads", 1);
  if (request.value("show", false)) return {{"ids", ids}, {"states", encoder.states(ids, threads)}};
  return to_json(
      measure(seconds_of(request), clock_of(request), [&] { encoder.states(ids, threads); }));
}

json fma(const json& request) {
  return {{"gflops", fma_gflops(seconds_of(request))}, {"isa", kernels::current_isa()}};
}

json program(const json& request) {
  const ProgramRun run = run_program(request.at("command").get<std::vector<std::string>>(),
                                     request.at("log").get<std::string>());
  return {{"ms", run.ms}, {"peak_mb", run.peak_mb}, {"exit_code", run.exit_code}};
}

json kinds(const json&);

const std::map<std::string, Handler>& handlers() {
  static const std::map<std::string, Handler> list = {
      {"dense", training_step},  {"bidirectional", training_step},
      {"ragged", training_step}, {"recurrent_dropout", training_step},
      {"chain", chain},          {"ctc", ctc},
      {"seq2seq", replies},      {"beam", beam},
      {"tagger", chain},         {"streaming", streaming},
      {"encoder", encoder},      {"fma", fma},
      {"program", program},      {"kinds", kinds}};
  return list;
}

json kinds(const json&) {
  json names = json::array();
  for (const auto& entry : handlers()) names.push_back(entry.first);
  return {{"kinds", names}};
}

json answer(const std::string& line) {
  try {
    const json request = json::parse(line);
    const auto handler = handlers().find(request.at("kind").get<std::string>());
    if (handler == handlers().end()) return {{"error", "unknown kind"}};
    return handler->second(request);
  } catch (const std::exception& e) {
    return {{"error", e.what()}};
  }
}

}  // namespace
}  // namespace refrain::bench

int main() {
  const char* isa = std::getenv("REFRAIN_ISA");
  if (isa != nullptr) {
    try {
      refrain::kernels::choose_isa(isa);
    } catch (const refrain::Error& e) {
      std::cerr << "bench_step: " << e.what() << '\n';
      return e.exit_code();
    }
  }
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << refrain::bench::answer(line).dump() << std::endl;
  }
  return 0;
}
