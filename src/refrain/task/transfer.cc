#include "refrain/task/transfer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <numeric>
#include <set>
#include <unordered_map>

#include "refrain/base/digest.h"
#include "refrain/base/error.h"
#include "refrain/data/tokenise.h"
#include "refrain/data/word_vectors.h"
#include "refrain/data/words.h"

namespace refrain::task {
namespace {

using data::StreamInfo;
using data::StreamKind;
using tensor::Tensor;

// For each row of a target the row of the source that it begins with; -1: it keeps its start.
using Rows = std::vector<int>;

std::string encoder_name(const std::vector<StreamInfo>& streams, std::size_t stream) {
  const std::string first(nn::kFirstEncoder);
  return stream == 0 ? first : first + "_" + streams[stream].name;
}

// ---------------------------------------------------------------- words spelt alike

std::set<std::string> pieces_of(const std::string& word) {
  const std::string marked = "<" + word + ">";
  constexpr std::size_t kLength = 3;
  std::set<std::string> pieces;
  for (std::size_t i = 0; i + kLength <= marked.size(); ++i) {
    pieces.insert(marked.substr(i, kLength));
  }
  return pieces;
}

class Alike {
 public:
  explicit Alike(const data::Vocabulary& known) {
    for (int id = 1; id < known.size(); ++id) {
      const auto pieces = pieces_of(known.word(id));
      counts_.emplace(id, pieces.size());
      for (const auto& piece : pieces) places_[piece].push_back(id);
    }
  }

  // The source's words that share the most pieces with this one, by their Jaccard index.
  std::vector<std::pair<int, double>> to(const std::string& word) const {
    constexpr double kLeast = 0.3;
    constexpr std::size_t kMost = 5;
    std::map<int, int> shared;
    const auto pieces = pieces_of(word);
    for (const auto& piece : pieces) {
      const auto found = places_.find(piece);
      if (found == places_.end()) continue;
      for (const int id : found->second) ++shared[id];
    }
    std::vector<std::pair<int, double>> out;
    for (const auto& [id, count] : shared) {
      const double all = static_cast<double>(pieces.size() + counts_.at(id)) - count;
      if (count / all >= kLeast) out.emplace_back(id, count / all);
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    if (out.size() > kMost) out.resize(kMost);
    return out;
  }

 private:
  std::unordered_map<std::string, std::vector<int>> places_;
  std::unordered_map<int, std::size_t> counts_;
};

int index_of(const nn::ParamSet& params, const std::string& name) {
  for (std::size_t i = 0; i < params.params().size(); ++i) {
    if (params.params()[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

// ---------------------------------------------------------------- one stream

class StreamMove {
 public:
  StreamMove(const Source& source, int from, Network& network, std::size_t to, Moved& moved)
      : source_(source), network_(network), moved_(moved), from_(from), to_(static_cast<int>(to)) {
    const auto& known = source.features.streams()[static_cast<std::size_t>(from)];
    const auto& wanted = network.features().streams()[to];
    names_ = {encoder_name(source.features.streams(), static_cast<std::size_t>(from)) + ".",
              encoder_name(network.features().streams(), to) + "."};
    if (wanted.kind == StreamKind::kText) return;
    match_channels(known, wanted);
    match_inputs();
  }

  void run() {
    const auto& params = network_.params().params();
    for (std::size_t i = 0; i < params.size(); ++i) {
      const std::string& name = params[i].name;
      if (!name.starts_with(names_.second)) continue;
      const int index = static_cast<int>(i);
      const int source = find(names_.first + name.substr(names_.second.size()));
      const bool taken =
          source >= 0 && take(name, network_.params().value(index), source_.params.value(source));
      (taken ? moved_.taken : moved_.anew).push_back(name);
    }
  }

 private:
  int find(std::string name) const {
    if (source_.task == "language-model" && name == names_.first + "lm.bias") name = "softmax.bias";
    if (source_.task == "language-model" && name == names_.first + "lm.project") {
      name = "softmax.project";
    }
    return index_of(source_.params, name);
  }

  void match_channels(const StreamInfo& known, const StreamInfo& wanted) {
    if (source_.any_channel) {
      channels_.assign(static_cast<std::size_t>(wanted.channels), 0);
      moved_.channels += wanted.channels;
      moved_.matched += wanted.channels;
      return;
    }
    const auto &theirs = known.channel_names, &ours = wanted.channel_names;
    const bool named = !theirs.empty() && !ours.empty();
    for (int c = 0; c < wanted.channels; ++c) {
      int found = c < known.channels ? c : -1;
      if (named) {
        const auto at = std::find(theirs.begin(), theirs.end(), ours[static_cast<std::size_t>(c)]);
        found = at == theirs.end() ? -1 : static_cast<int>(at - theirs.begin());
      }
      channels_.push_back(found);
    }
    const auto none = [](int c) { return c < 0; };
    // Other names for as many channels: their places are all there is to go by.
    moved_.by_position = !named || std::all_of(channels_.begin(), channels_.end(), none);
    if (moved_.by_position) {
      for (int c = 0; c < wanted.channels; ++c) {
        channels_[static_cast<std::size_t>(c)] = c < known.channels ? c : -1;
      }
    }
    moved_.channels += wanted.channels;
    moved_.matched +=
        wanted.channels - static_cast<int>(std::count_if(channels_.begin(), channels_.end(), none));
    theirs_ = known.channels;
  }

  // Columns of a step: the views, each with all channels, and then the masks.
  void match_inputs() {
    const int ours = network_.features().inputs(to_), all = source_.features.inputs(from_);
    const int C = static_cast<int>(channels_.size());
    const int views = all / theirs_ - (source_.features.masked(from_) ? 1 : 0);  // the same in both
    for (int column = 0; column < ours; ++column) {
      const int part = column / C, channel = channels_[static_cast<std::size_t>(column % C)];
      const bool there = part < views || source_.features.masked(from_);
      inputs_.push_back(channel < 0 || !there ? -1 : part * theirs_ + channel);
    }
  }

  // True if the rows of the parameter are columns of the input.
  bool reads_input(const std::string& name) const {
    const std::string part = name.substr(names_.second.size());
    const auto& stem = source_.encoder.stem;
    const bool first = part.starts_with("0.") && part.ends_with(".w_x");
    if (stem.stem == "none") return first;
    if (stem.stem_form == "branch" && first) return true;
    return stem.stem == "depthwise" ? part == "stem.0.w_in" : part.starts_with("stem.0.filters_");
  }

  bool take(const std::string& name, Tensor to, Tensor from) {
    if (name.ends_with(".words")) return take_words(to, from, true);
    if (name.ends_with(".spelling.letters")) return take_letters(to, from);
    if (reads_words(name, to, from)) return take_first_rows(to, from);
    if (name.ends_with(".lm.bias")) return take_words(as_rows(to), as_rows(from), false);
    if (!inputs_.empty() && reads_input(name)) return take_rows(input_rows(to, from), to, from);
    if (to.shape != from.shape) return take_one_way(name, to, from);
    std::copy_n(from.data, from.count(), to.data);
    return true;
  }

  // Each way of a language model reads its own way alone; in a network of two ways it begins so,
  // and learns the rest from zero.
  static bool take_one_way(const std::string& name, Tensor to, const Tensor& from) {
    const bool forward = name.ends_with(".forward.w_x"), reverse = name.ends_with(".reverse.w_x");
    const bool half = to.rows() == 2 * from.rows() && to.columns() == from.columns();
    if (!half || (!forward && !reverse)) return false;
    std::fill_n(to.data, to.count(), real{0});
    std::copy_n(from.data, from.count(), to.row(forward ? 0 : from.rows()));
    return true;
  }

  // A row is a column of the input at one step of several (a filter, a segment).
  Rows input_rows(const Tensor& to, const Tensor& from) const {
    const int ours = static_cast<int>(inputs_.size()), all = source_.features.inputs(from_);
    if (to.rows() % ours != 0 || from.rows() % all != 0) return {};
    const int steps = to.rows() / ours;
    if (steps != from.rows() / all) return {};
    Rows rows;
    for (int t = 0; t < steps; ++t) {
      for (const int column : inputs_) rows.push_back(column < 0 ? -1 : t * all + column);
    }
    return rows;
  }

  static bool take_rows(const Rows& rows, Tensor to, const Tensor& from) {
    if (rows.empty() || to.columns() != from.columns()) return false;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (rows[r] < 0) continue;
      std::copy_n(from.row(rows[r]), from.columns(), to.row(static_cast<int>(r)));
    }
    return true;
  }

  // The first recurrent layer, where ours reads the spelling of words behind their vectors and the
  // source does not: what it learned of the vectors is taken.
  bool reads_words(const std::string& name, const Tensor& to, const Tensor& from) const {
    const std::string part = name.substr(names_.second.size());
    const int spelt = source_.features.letters(from_) > 0 ? 0 : network_.features().letters(to_);
    return inputs_.empty() && spelt > 0 && part.starts_with("0.") && part.ends_with(".w_x") &&
           to.rows() > from.rows() && to.columns() == from.columns();
  }

  static bool take_first_rows(Tensor to, const Tensor& from) {
    std::copy_n(from.data, from.count(), to.data);
    return true;
  }

  bool take_letters(Tensor to, const Tensor& from) const {
    if (to.columns() != from.columns()) return false;
    const auto& ours = network_.features().letters_of_stream(to_);
    const auto& known = source_.features.letters_of_stream(from_);
    for (int id = 0; id < ours.size(); ++id) {
      const int found = id == 0 ? 0 : known.id(ours.word(id));
      if (id == 0 || found > 0) std::copy_n(from.row(found), from.columns(), to.row(id));
    }
    return true;
  }

  static Tensor as_rows(const Tensor& numbers) { return {{numbers.shape[0], 1}, numbers.data}; }

  bool take_words(Tensor to, const Tensor& from, bool counted) {
    if (to.columns() != from.columns()) return false;
    const auto& ours = network_.features().vocabulary(to_);
    const auto& known = source_.features.vocabulary(from_);
    std::copy_n(from.row(0), from.columns(), to.row(0));
    std::unique_ptr<Alike> alike;
    for (int id = 1; id < ours.size(); ++id) {
      const int found = known.id(ours.word(id));
      if (found > 0) {
        std::copy_n(from.row(found), from.columns(), to.row(id));
        continue;
      }
      if (alike == nullptr) alike = std::make_unique<Alike>(known);
      const bool taken = take_mean(alike->to(ours.word(id)), to.row(id), from);
      moved_.words += counted ? 1 : 0;
      moved_.alike += counted && taken ? 1 : 0;
    }
    return true;
  }

  static bool take_mean(const std::vector<std::pair<int, double>>& near, real* to,
                        const Tensor& from) {
    if (near.empty()) return false;
    double total = 0;
    for (const auto& [id, share] : near) total += share;
    for (int k = 0; k < from.columns(); ++k) {
      double sum = 0;
      for (const auto& [id, share] : near) sum += share * static_cast<double>(from.row(id)[k]);
      to[k] = static_cast<real>(sum / total);
    }
    return true;
  }

  const Source& source_;
  Network& network_;
  Moved& moved_;
  int from_, to_;
  std::pair<std::string, std::string> names_;  // of both encoders, with a dot
  std::vector<int> channels_;                  // the source's of each of ours
  int theirs_ = 1;                             // channels of the source
  std::vector<int> inputs_;                    // the source's column of each of ours
};

// The classes or tags that the columns of the head stand for.
const std::vector<std::string>& head_columns(const Goal& goal) {
  return goal.of_steps() ? goal.columns() : goal.classes();
}

// Copies numbers [rows,columns] between heads whose columns stand at other places.
void take_places(const Rows& rows, const Rows& columns, Tensor to, const Tensor& from) {
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (rows[r] < 0 || columns[c] < 0) continue;
      to.row(static_cast<int>(r))[c] = from.row(rows[r])[columns[c]];
    }
  }
}

// Columns of classes or tags that both know, where the vectors below are equally long, and the
// scores of pairs of such tags.
void move_head(const Source& source, Network& network, Moved& moved) {
  const auto& own = network.params();
  const auto parts = [&](const char* name) {
    const int from = index_of(source.params, name), to = index_of(own, name);
    return from < 0 || to < 0 ? std::pair<Tensor, Tensor>()
                              : std::pair(source.params.value(from), own.value(to));
  };
  const auto as_row = [](const Tensor& t) { return Tensor{{1, t.shape[0]}, t.data}; };
  const auto [from_w, to_w] = parts("head.w");
  Rows columns;
  if (from_w.data != nullptr && from_w.rows() == to_w.rows()) {
    const auto& names = head_columns(network.goal());
    for (std::size_t c = 0; c < names.size() && c < static_cast<std::size_t>(to_w.columns()); ++c) {
      const auto found = std::find(source.classes.begin(), source.classes.end(), names[c]);
      const auto place = found - source.classes.begin();
      const bool known = found != source.classes.end() && place < from_w.columns();
      columns.push_back(known ? static_cast<int>(place) : -1);
      moved.classes += known ? 1 : 0;
    }
  }
  Rows all(static_cast<std::size_t>(to_w.data == nullptr ? 0 : to_w.rows()));
  std::iota(all.begin(), all.end(), 0);
  for (const auto& param : own.params()) {
    if (!param.name.starts_with("head.")) continue;
    const auto [from, to] = parts(param.name.c_str());
    const bool pairs = param.name == "head.transitions";
    const bool whole = param.name.starts_with("head.whole");
    const bool taken = from.data != nullptr && moved.classes > 0 && !whole;
    (taken ? moved.taken : moved.anew).push_back(param.name);
    if (!taken) continue;
    if (pairs) {
      take_places(columns, columns, to, from);
    } else if (param.shape.rank() == 1) {
      take_places({0}, columns, as_row(to), as_row(from));
    } else {
      take_places(all, columns, to, from);
    }
  }
}

std::string kinds_of(const std::vector<StreamInfo>& streams) {
  return streams.front().kind == StreamKind::kText ? "texts" : "series";
}

// A source without tuned layers may get some: they begin as the encoder has them.
void require_same_tuned(const data::TunedLayers& source, const data::TunedLayers& own) {
  if (source.count == 0 || source == own) return;
  throw Error(Code::kData, "the source has tuned other layers of its encoder than are tuned here",
              fmt::format("give it the source's encoder, --encoder-layer {} and --encoder-tune {}",
                          source.first + source.count, source.count));
}

}  // namespace

Moved move_over(const Source& source, Network& network) {
  Moved moved;
  const auto& streams = network.features().streams();
  for (std::size_t s = 0; s < streams.size(); ++s) {
    const int from = source.features.stream_like(streams[s]);
    if (from < 0) continue;
    require_same_tuned(source.features.streams()[static_cast<std::size_t>(from)].tuned,
                       streams[s].tuned);
    StreamMove(source, from, network, s, moved).run();
  }
  if (moved.taken.empty()) {
    throw Error(Code::kData,
                fmt::format("{} was trained on {}, and these samples are {}: nothing can be taken "
                            "over",
                            source.path, kinds_of(source.features.streams()), kinds_of(streams)),
                "begin with a source of the same kind of data");
  }
  move_head(source, network, moved);
  return moved;
}

namespace {

// The words of a dataset's texts, as the features read them.
std::set<std::string> words_of(const data::Dataset& dataset, const data::FeatureSpec& spec) {
  std::set<std::string> out;
  for (const auto& sample : dataset.samples) {
    for (const auto& value : sample.streams) {
      const auto* text = std::get_if<std::string>(&value);
      if (text == nullptr) continue;
      for (auto& word : spec.words == "blanks" ? data::words_at_blanks(*text, spec.lowercase)
                                               : data::tokenise(*text, spec.lowercase)) {
        out.insert(std::move(word));
      }
    }
  }
  return out;
}

// The file is read once for all networks and inner folds of a dataset.
std::shared_ptr<const data::WordVectors> vectors_of(const std::string& path,
                                                    const data::Dataset& dataset,
                                                    const data::FeatureSpec& spec) {
  struct Read {
    std::set<std::string> asked;
    std::shared_ptr<const data::WordVectors> vectors;
  };
  static std::mutex mutex;
  static std::map<std::string, Read> kept;
  const auto words = words_of(dataset, spec);
  const std::lock_guard lock(mutex);
  Read& read = kept[path];
  const auto& asked = read.asked;
  if (read.vectors == nullptr ||
      !std::includes(asked.begin(), asked.end(), words.begin(), words.end())) {
    read.asked.insert(words.begin(), words.end());
    read.vectors = std::make_shared<const data::WordVectors>(data::read_word_vectors(
        path, [&](const std::string& word) { return asked.contains(word); }));
  }
  return read.vectors;
}

struct Found {
  int words = 0, known = 0;
};

Found fill_table(const data::Vocabulary& vocabulary, const data::WordVectors& vectors,
                 Tensor table) {
  Found out;
  for (int id = 1; id < vocabulary.size(); ++id) {
    ++out.words;
    const auto row = vectors.of.find(vocabulary.word(id));
    if (row == vectors.of.end()) continue;
    ++out.known;
    std::copy(row->second.begin(), row->second.end(), table.row(id));
  }
  return out;
}

}  // namespace

std::string take_vectors(const std::string& path, const data::Dataset& dataset, Network& network) {
  const auto& features = network.features();
  const auto vectors = vectors_of(path, dataset, features.spec());
  Found all;
  const auto& params = network.params().params();
  for (std::size_t s = 0; s < features.streams().size(); ++s) {
    const std::string name = encoder_name(features.streams(), s) + ".words";
    const auto place = std::find_if(params.begin(), params.end(),
                                    [&](const nn::Param& p) { return p.name == name; });
    if (place == params.end()) continue;
    const auto found = fill_table(features.vocabulary(static_cast<int>(s)), *vectors,
                                  network.params().value(static_cast<int>(place - params.begin())));
    all.words += found.words;
    all.known += found.known;
  }
  if (all.words == 0) throw Error(Code::kData, "--vectors are for texts", "leave them out");
  return fmt::format("{} of {} words ({:.0f} %) have a vector in {}; the others begin anew",
                     all.known, all.words, 100.0 * all.known / all.words, path);
}

std::vector<std::string> sentences_of(const Moved& moved, const Source& source) {
  std::vector<std::string> out;
  out.push_back(fmt::format("begins with {} ({}): {} of {} parameters are taken over{}{}",
                            source.path, source.task, moved.taken.size(),
                            moved.taken.size() + moved.anew.size(),
                            moved.anew.empty() ? "" : ", anew ", fmt::join(moved.anew, ", ")));
  if (moved.channels > 0 && moved.by_position) {
    out.push_back(
        "channels are taken by their places: the source and these series have no channel "
        "names in common");
  }
  if (moved.channels > moved.matched) {
    out.push_back(fmt::format("{} of {} channels are none of the source's and begin anew",
                              moved.channels - moved.matched, moved.channels));
  }
  if (moved.words > 0) {
    out.push_back(fmt::format(
        "{} words of the training part are none of the source's: {} begin as words spelt alike",
        moved.words, moved.alike));
  }
  if (moved.classes > 0) {
    out.push_back(fmt::format("the head knows {} {}", moved.classes,
                              source.task == "tag" ? "tags" : "classes"));
  }
  return out;
}

Frozen frozen_of(const nn::ParamSet& params) {
  Frozen out;
  base::Digest digest;
  for (std::size_t i = 0; i < params.params().size(); ++i) {
    const nn::Param& p = params.params()[i];
    if (!p.frozen) continue;
    const Tensor t = params.value(static_cast<int>(i));
    digest.add_text(p.name).add_list(std::vector<real>(t.data, t.data + t.count()));
    out.count += t.count();
  }
  if (out.count > 0) out.hash = digest.hex();
  return out;
}

}  // namespace refrain::task
