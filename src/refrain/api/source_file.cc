// One file or folder: what it is as a source.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/source_file.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/base/json.h"
#include "refrain/data/word_vectors.h"
#include "refrain/tensor/safetensors.h"
#include "refrain/tensor/safetensors_head.h"
#include "refrain/transformer/pretrained.h"

namespace refrain::api {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr std::uintmax_t kReadWhole = 256'000'000;
constexpr std::size_t kNamesShown = 6;  // of channels

// "words (812)".
std::string with_count(const char* what, const Json& list) {
  return fmt::format("{} ({})", what, list.size());
}

std::string channels_text(const Json& stream) {
  const int count = stream.at("channels");
  std::string out = count == 1 ? "1 channel" : fmt::format("{} channels", count);
  auto names = stream.at("channel_names").get<std::vector<std::string>>();
  if (names.empty()) return out;
  const bool more = names.size() > kNamesShown;
  if (more) names.resize(kNamesShown);
  return fmt::format("{}: {}{}", out, fmt::join(names, ", "), more ? ", ..." : "");
}

std::string stream_text(const Json& stream) {
  if (stream.at("kind") == "text") return with_count("words", stream.at("vocabulary"));
  if (stream.value("from_text", false)) return "texts through an encoder";
  if (stream.value("from_sound", false)) return "recordings";
  return channels_text(stream);
}

std::string streams_text(const Json& features) {
  std::vector<std::string> out;
  for (const auto& stream : features.at("streams")) out.push_back(stream_text(stream));
  return fmt::format("{}", fmt::join(out, "; "));
}

bool has_network(const Json& head) {
  if (head.contains("networks")) return !head.at("networks").empty();  // a forecaster
  if (!head.contains("members")) return true;
  const auto& members = head.at("members");
  return std::any_of(members.begin(), members.end(),
                     [](const Json& member) { return member.at("method") == "network"; });
}

void describe_language(const Json& units, FoundSource& out) {
  out.kind = "language model";
  const std::string unit = units.at("unit");
  out.reads = unit == "word" ? with_count("words", units.at("vocabulary")) : unit + "s";
  if (unit == "word") {
    out.option = "init";
  } else {
    out.trouble = fmt::format(
        "it reads {}s and a classifier reads words; it serves 'refrain generate'", unit);
  }
}

void describe_head(const Json& head, FoundSource& out) {
  out.task = head.at("task").get<std::string>();
  const std::string kind = head.value("kind", "");
  const bool series = kind == "series-source", source = series || kind == "source";
  if (source && head.contains("units")) return describe_language(head.at("units"), out);
  out.kind = series ? "series source" : source ? "source" : "model";
  if (head.contains("features")) out.reads = streams_text(head.at("features"));
  if (kind == "forecaster") out.reads = "histories";
  if (source || has_network(head)) {
    out.option = "init";
  } else {
    out.trouble = "it has no network to begin with, only simple methods";
  }
}

// Throws Error where the file is damaged. Nothing for a file of another program, and for one that
// is no model, such as a checkpoint.
std::optional<FoundSource> look_at_tensors(const std::string& path, FoundSource out) {
  const auto file = tensor::read_safetensors_head(path);
  const auto found = file.metadata.find("refrain");
  if (found == file.metadata.end()) return std::nullopt;
  out.numbers = static_cast<long long>(file.numbers);
  try {
    const Json head = Json::parse(found->second);
    if (!head.contains("task")) return std::nullopt;
    describe_head(head, out);
  } catch (const Json::exception&) {
    throw Error(Code::kData, path + ": its head is damaged");
  }
  if (out.bytes < static_cast<long long>(kReadWhole)) {
    tensor::from_safetensors(base::read_file(path).bytes, path);  // its checksums
  }
  return out;
}

std::optional<FoundSource> look_at_vectors(const std::string& path, FoundSource out) {
  const auto outline = data::outline_of_vectors(path);
  if (!outline) return std::nullopt;
  out.kind = "word vectors";
  out.option = "vectors";
  out.numbers = outline->count * outline->size;
  out.reads = outline->count > 0
                  ? fmt::format("words ({}), {} numbers each", outline->count, outline->size)
                  : fmt::format("words, {} numbers each", outline->size);
  return out;
}

bool named_as_ours(const std::string& path) {
  return path.ends_with(".refrain") || path.ends_with(".source");
}

// Its first bytes; nothing where it cannot be read.
std::optional<std::string> first_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string first(16, '\0');
  in.read(first.data(), static_cast<std::streamsize>(first.size()));
  first.resize(static_cast<std::size_t>(in.gcount()));
  return first;
}

std::optional<FoundSource> recognise(const std::string& path, const FoundSource& begun) {
  const auto first = first_bytes(path);
  if (!first && named_as_ours(path)) {
    throw Error(Code::kIo, "cannot read " + path, "check its permissions");
  }
  if (!first) return std::nullopt;
  if (tensor::begins_as_safetensors(*first)) return look_at_tensors(path, begun);
  if (named_as_ours(path)) {
    throw Error(Code::kData, path + ": this is no file of Refrain, or cut off");
  }
  try {
    return look_at_vectors(path, begun);
  } catch (const Error& e) {
    const bool named = path.ends_with(".vec") || path.ends_with(".vec.gz");
    if (e.code() == Code::kIo && !named) return std::nullopt;  // such as any damaged .gz
    throw;
  }
}

// Returns the message of an error without the path at its beginning, because the path stands beside
// it.
std::string trouble_of(const Error& e, const std::string& path) {
  const std::string text = e.what();
  return text.starts_with(path + ": ") ? text.substr(path.size() + 2) : text;
}

}  // namespace

std::optional<FoundSource> look_at_source(const std::string& path) {
  std::error_code problem;
  if (!fs::is_regular_file(path, problem)) return std::nullopt;
  FoundSource out;
  out.path = path;
  out.bytes = static_cast<long long>(fs::file_size(path, problem));
  try {
    return recognise(path, out);
  } catch (const Error& e) {
    out.trouble = trouble_of(e, path);
  } catch (const std::bad_alloc&) {
    out.trouble = "it is too large to be looked at";
  }
  return out;
}

bool holds_encoder(const std::string& folder) {
  std::error_code problem;
  const auto has = [&](const char* name) { return fs::exists(fs::path(folder) / name, problem); };
  return has("config.json") && (has("model.safetensors") || has("pytorch_model.bin") ||
                                has("model.safetensors.index.json"));
}

FoundSource look_at_encoder(const std::string& folder) {
  FoundSource out;
  out.path = folder;
  out.kind = "encoder";
  std::error_code problem;
  const auto size = fs::file_size(fs::path(folder) / "model.safetensors", problem);
  if (!problem) out.bytes = static_cast<long long>(size);
  try {
    const auto outline = transformer::outline_of(folder);
    out.reads = fmt::format("texts ({} pieces of words); {} layers of {}", outline.words,
                            outline.config.layers, outline.config.hidden);
    out.numbers = static_cast<long long>(outline.numbers);
    out.option = "encoder";
  } catch (const Error& e) {
    out.trouble = trouble_of(e, folder);
  } catch (const Json::exception&) {
    out.trouble = "it is damaged";
  }
  return out;
}

}  // namespace refrain::api
