#include "refrain/transduce/pretrained_model.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"

namespace refrain::transduce {
namespace {

using language::UnitKind;

constexpr const char* kPrefix = "language.";

// The unit of each symbol; those that the model does not know are its unknown one.
std::vector<int> units_of(const Symbols& symbols, const language::Units& units) {
  std::vector<int> out;
  for (int symbol = 0; symbol < symbols.size(); ++symbol) {
    if (symbol == Symbols::kMark) {
      out.push_back(units.mark());
      continue;
    }
    auto found = units.encode(symbols.name(symbol));
    if (units.kind() == UnitKind::kWord && !found.empty()) found.pop_back();  // the line's end
    const bool is_one = symbol != Symbols::kUnknown && found.size() == 1;
    out.push_back(is_one ? found.front() : units.unknown());
  }
  return out;
}

// The distributions behind the prefixes of one search. States are kept with them, so that a prefix
// costs one step more than the one without its last symbol.
class PrefixReader {
 public:
  PrefixReader(std::shared_ptr<const language::Source> source, std::vector<int> units)
      : source_(std::move(source)), units_(std::move(units)) {}

  double log_p(const std::vector<int>& before, int symbol) {
    if (last_ == nullptr || before != last_prefix_) {
      if (nodes_.size() > kMostKept) nodes_.clear();
      last_ = &node(before);
      last_prefix_ = before;
    }
    return last_->log_p[static_cast<std::size_t>(unit(symbol))];
  }

 private:
  static constexpr std::size_t kMostKept = 4000;
  struct Node {
    std::vector<real> state;
    std::vector<double> log_p;
  };

  int unit(int symbol) const { return units_[static_cast<std::size_t>(symbol)]; }

  const Node& node(const std::vector<int>& prefix) {
    std::size_t known = prefix.size() + 1;  // symbols of the longest known prefix, plus one
    std::vector<int> part = prefix;
    auto found = nodes_.find(part);
    while (found == nodes_.end() && known > 1) {
      part.pop_back();
      --known;
      found = nodes_.find(part);
    }
    const Node* at = found != nodes_.end() ? &found->second : &read(nullptr, {});
    for (std::size_t i = known - 1; i < prefix.size(); ++i) {
      part.push_back(prefix[i]);
      at = &read(at, part);
    }
    return *at;
  }

  // One step behind `from`; null = the beginning.
  const Node& read(const Node* from, const std::vector<int>& prefix) {
    const auto& network = *source_->network;
    Node next;
    next.state.resize(network.carried_count(1));
    std::vector<real> start = from != nullptr ? from->state : next.state;
    const int last = prefix.empty() ? source_->units.mark() : unit(prefix.back());
    network.next(tape_, last, {start.data(), next.state.data()}, next.log_p);
    if (source_->blend) {
      std::vector<int> text;
      for (const int symbol : prefix) text.push_back(unit(symbol));
      source_->blend->mix(text, next.log_p);
    }
    return nodes_.insert_or_assign(prefix, std::move(next)).first->second;
  }

  std::shared_ptr<const language::Source> source_;
  std::vector<int> units_;  // of each symbol
  std::map<std::vector<int>, Node> nodes_;
  std::vector<int> last_prefix_;
  const Node* last_ = nullptr;
  tape::Tape tape_;
};

}  // namespace

bool PretrainedModel::may_be(std::string_view bytes) {
  return bytes.size() > 8 && bytes.substr(0, 8).find('\0') != std::string_view::npos;
}

PretrainedModel PretrainedModel::read(std::string_view bytes, const std::string& path) {
  PretrainedModel out;
  out.name_ = path;
  out.source_ = std::make_shared<language::Source>(language::source_from(bytes, path));
  return out;
}

void PretrainedModel::check(const Symbols& symbols) const {
  const auto kind = source_->units.kind();
  const bool same =
      (kind == UnitKind::kCharacter && symbols.kind() == Symbols::Kind::kCharacters) ||
      (kind == UnitKind::kWord && symbols.kind() == Symbols::Kind::kTokens);
  if (same) return;
  const bool words = symbols.kind() == Symbols::Kind::kTokens;
  throw Error(
      Code::kUsage,
      fmt::format("{}: its units are {}s, and the replies are written in {}", name_,
                  source_->units.name(), symbols.kind_name()),
      symbols.kind() == Symbols::Kind::kSubwords
          ? "train with --reply-units characters, pretrain with --unit character"
          : fmt::format("pretrain with --unit {}", words ? "word --tokens spaces" : "character"));
}

void PretrainedModel::help(const Symbols& symbols, nn::CtcSearch& search) const {
  const auto reader = std::make_shared<PrefixReader>(source_, units_of(symbols, source_->units));
  search.model = [reader](const std::vector<int>& before, int symbol) {
    return reader->log_p(before, symbol);
  };
  search.end = [reader](const std::vector<int>& before) {
    return reader->log_p(before, Symbols::kMark);
  };
}

base::Json PretrainedModel::put(tensor::TensorFile& file) const {
  return language::put_source(*source_, kPrefix, file);
}

PretrainedModel PretrainedModel::from(const tensor::TensorFile& file, const base::Json& head) {
  PretrainedModel out;
  out.name_ = "its language model";
  out.source_ = std::make_shared<language::Source>(language::source_from_head(file, head, kPrefix));
  return out;
}

}  // namespace refrain::transduce
