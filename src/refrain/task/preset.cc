#include "refrain/task/preset.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace refrain::task {
namespace {

using base::Json;

struct Setting {
  const char* option;
  Json value;
};
using Settings = std::vector<Setting>;

// Networks of this many updates in all, but no fewer and no more epochs than this.
int epochs_of(const TrainingData& data, double updates, double fewest) {
  const double batch = data.samples <= 500 ? 16 : data.samples <= 5000 ? 32 : 64;
  const double batches = std::ceil(data.samples / batch);
  return static_cast<int>(std::clamp(updates / batches, fewest, 300.0));
}

// Convolutions below the recurrent layers, and beside them in the vector.
Settings with_stem() { return {{"stem", "full"}, {"stem_skip", true}}; }

// The weight of each simple method beside all networks together. With a few dozen series the
// networks only blur the answers of the simple methods; from a few hundred on they improve them.
double blend_weight(const TrainingData& data) {
  return std::clamp(200.0 / data.samples, 0.05, 8.0);
}

// Up to so many the simple methods have most of the say, and take seconds.
constexpr int kFewSeries = 1000;

// Updates of a network that has simple methods beside it. Up to 200 series they have most of the
// say, and this many updates give the same accuracy as three times as many (doc/recipe.md); from
// 500 on there are all of them.
double updates_beside(const TrainingData& data, double updates) {
  const double few = std::min(600.0, 90 * std::ceil(data.samples / 16.0));
  const double share = std::clamp((data.samples - 200) / 300.0, 0.0, 1.0);
  return std::min(updates, few + (updates - few) * share);
}

// Series: the view of the input is worth more than the cell.
Settings series(const TrainingData& data, int networks, double updates, int repeats) {
  Settings list = with_stem();
  list.insert(list.end(), {{"views", "raw,deviation,difference"},
                           {"hidden", 48},
                           {"ensemble", networks},
                           {"epochs", epochs_of(data, updates, updates / 80)},
                           {"blend", "minirocket,hydra"},
                           {"blend_weight", blend_weight(data)},
                           {"blend_repeats", data.samples <= kFewSeries ? repeats : 1}});
  return list;
}

// Series and texts in one sample: the methods of both kinds, each of which reads its own streams,
// half as much each.
Settings with_texts(Settings list) {
  for (auto& [option, value] : list) {
    const std::string name = option;
    if (name == "blend") value = value.get<std::string>() + ",pieces_logistic,bayes_logistic";
    if (name == "blend_weight") value = value.get<double>() / 2;
  }
  return list;
}

// Recordings: few updates a sample suffice, and simple methods add nothing (doc/recipe.md).
Settings sound(const TrainingData& data, int networks, double updates) {
  Settings list = with_stem();
  list.insert(
      list.end(),
      {{"hidden", 48}, {"ensemble", networks}, {"epochs", epochs_of(data, updates, updates / 80)}});
  return list;
}

// Texts that an encoder has read: few and short steps of training against strong dropout suffice.
// The linear method on the mean of the states weighs the more the fewer texts there are: chosen on
// SST-2 and TREC with MiniLM, 100 and 500 texts.
Settings states(const TrainingData& data, int networks) {
  return {{"hidden", 48},
          {"dropout", 0.5},
          {"input_dropout", 0.2},
          {"ensemble", networks},
          {"epochs", epochs_of(data, 800, 15)},
          {"blend", "mean_logistic"},
          {"blend_weight", std::clamp(200.0 / data.samples, 0.4, 4.0)}};
}

// Texts whose encoder is tuned: few epochs at a small rate, and nothing between the encoder and the
// head. The linear method reads the encoder as it is and has most of the say where texts are few:
// chosen on held-out training texts of SST-2 with MiniLM, 100 and 500 texts.
Settings tuned(const TrainingData& data, int networks) {
  return {{"layers", 0},
          {"pooling", "mean"},
          {"dropout", 0.1},
          {"ensemble", networks},
          {"batch_size", 16},
          {"epochs", epochs_of(data, 150, 5)},
          {"blend", "mean_logistic"},
          {"blend_weight", std::clamp(500.0 / data.samples, 0.2, 5.0)}};
}

// Texts: whether the order of the words matters (networks) or their choice (simple methods) differs
// from set to set; from a thousand texts on they tell themselves.
Settings text(const TrainingData& data, int networks, bool weigh) {
  Settings list = with_stem();
  list.insert(
      list.end(),
      {{"stem_channels", 96}, {"ensemble", networks}, {"blend", "pieces_logistic,bayes_logistic"}});
  if (weigh && data.samples >= 1000) list.push_back({"blend_weight", "auto"});
  return list;
}

// Numbers: the shares of networks and simple methods are those that do best on what inner folds
// hold out, which tell the width of the intervals as well. The mean is among them: where little can
// be learned it draws the answers towards itself. Chosen by folds of the training parts of two
// sets: R2 0.037 and -0.009, without neighbours and mean 0.027 and -0.025. The forest lowered the
// error of equal shares of ridges and mean on those two and on four made-up problems, by 0.3 to 17
// of 100.
Settings numbers(const TrainingData& data, int networks, double updates) {
  std::string methods = data.text ? "tfidf_ridge,mean"
                        : data.states
                            ? "mean_ridge,mean"
                            : "rocket_ridge,summary_ridge,neighbour_mean_dtw,interval_forest,mean";
  if (!data.text && !data.states && networks > 1) methods += ",shape_ridge";
  if (data.mixed) methods += ",tfidf_ridge";
  Settings list = with_stem();
  if (!data.text) {
    list.insert(list.end(), {{"hidden", 48}, {"epochs", epochs_of(data, updates, updates / 80)}});
  }
  if (!data.text && !data.sound && !data.states)
    list.push_back({"views", "raw,deviation,difference"});
  if (data.text) list.push_back({"stem_channels", 96});
  list.insert(list.end(), {{"ensemble", networks}, {"blend", methods}, {"blend_weight", "auto"}});
  return list;
}

// Tags of words: networks and a conditional random field on hand-made features see different
// things. Steps of series: networks alone.
Settings tags(const TrainingData& data, int networks) {
  const bool words = data.text || data.states;
  Settings list = {{"hidden", words ? 128 : 64},
                   {"ensemble", networks},
                   {"epochs", epochs_of(data, words ? 2600 : 2000, 12)}};
  if (data.states) {
    list.insert(list.end(), {{"dropout", 0.5},
                             {"input_dropout", 0.2},
                             {"blend", "feature_crf"},
                             {"blend_weight", 0.5}});
  }
  if (data.text) {
    list.insert(list.end(), {{"embedding_dim", 100},
                             {"embedding_dropout", 0.25},
                             {"blend", "feature_crf"},
                             {"blend_weight", 1}});
  }
  return list;
}

// Remaining life, from windows of units: few epochs, since windows of one unit are alike; of few
// units the forest has most of the say. Chosen on engines that were held out of the training files
// of FD001 and FD003 (doc/remaining-life.md).
Settings lives(const TrainingData& data, int networks) {
  return {{"hidden", 64},
          {"bidirectional", false},
          {"pooling", "last"},
          {"segment", 5},
          {"ensemble", networks},
          {"epochs", std::min(15, epochs_of(data, 1300, 8))},
          {"blend", "interval_forest"},
          {"blend_weight", std::clamp(1400.0 / data.samples, 0.5, 2.0)}};
}

Settings settings_of(const std::string& preset, const TrainingData& data) {
  if (data.tags) return tags(data, preset == "fast" ? 1 : preset == "good" ? 3 : 6);
  if (data.tuned && !data.numbers) return tuned(data, preset == "best" ? 3 : 1);
  if (data.lives && data.numbers) {
    return lives(data, preset == "fast" ? 1 : preset == "good" ? 5 : 10);
  }
  if (data.numbers) {
    return preset == "fast" ? numbers(data, 1, 800) : numbers(data, preset == "good" ? 4 : 8, 2000);
  }
  if (data.sound) {
    return preset == "fast" ? sound(data, 1, 800) : sound(data, preset == "good" ? 4 : 8, 2000);
  }
  if (data.mixed) {
    return with_texts(preset == "fast"   ? series(data, 1, 800, 1)
                      : preset == "good" ? series(data, 4, 2000, 3)
                                         : series(data, 8, 2000, 6));
  }
  if (data.states) return states(data, preset == "fast" ? 1 : preset == "good" ? 3 : 6);
  if (preset == "fast") return data.text ? text(data, 1, false) : series(data, 1, 800, 1);
  if (preset == "good") return data.text ? text(data, 3, true) : series(data, 4, 2000, 3);
  return data.text ? text(data, 8, true) : series(data, 8, 2000, 6);
}

constexpr const char* kUsual = "good";

// Whether an option was named with another value than the preset's.
bool is_other(const Spec& spec, const Settings& settings, const std::string& option) {
  if (!spec.given.contains(option)) return false;
  const auto fields = spec_fields();
  Spec usual;
  for (const auto& [name, value] : settings) {
    if (name == option) base::set_field(fields.list(), &usual, option, value);
  }
  for (const auto& field : fields.list()) {
    if (field.name == option) return field.get(&spec) != field.get(&usual);
  }
  return false;
}

// Classes of series, whose networks stand beside the simple methods of the preset: fewer epochs
// where there are few samples. Networks with other methods, or another stem, are trained in full.
void shorten(Settings& settings, const std::string& preset, const Spec& spec,
             const TrainingData& data) {
  const bool series = !data.tags && !data.numbers && !data.sound && !data.states && !data.text &&
                      !data.mixed && !data.tuned;
  if (!series || preset == "best" || is_other(spec, settings, "blend") ||
      is_other(spec, settings, "stem")) {
    return;
  }
  const double updates = updates_beside(data, preset == "fast" ? 800 : 2000);
  for (auto& [option, value] : settings) {
    if (std::string(option) == "epochs") value = epochs_of(data, updates, updates / 80);
  }
}

void set_options(Spec& spec, const std::string& preset, const TrainingData& data) {
  const auto fields = spec_fields();
  Settings settings = settings_of(preset, data);
  shorten(settings, preset, spec, data);
  for (const auto& [option, value] : settings) {
    const std::string name = option;
    if (name.starts_with("blend_") && spec.model.blend.empty()) continue;  // nothing to weigh
    if (!spec.given.contains(name)) base::set_field(fields.list(), &spec, name, value);
  }
}

}  // namespace

std::vector<std::string> preset_names() { return {"auto", "none", "fast", "good", "best"}; }

std::vector<std::string> network_options(const Spec& spec, const TrainingData& data) {
  Spec usual;
  set_options(usual, kUsual, data);
  fill_sizes(usual, data);
  std::vector<std::string> out;
  const auto fields = spec_fields();
  for (const auto& field : fields.list()) {
    const bool named = field.section == "Network" && spec.given.contains(field.name);
    if (named && field.get(&spec) != field.get(&usual)) out.push_back(field.name);
  }
  return out;
}

std::string preset_of(const Spec& spec, const TrainingData& data) {
  if (spec.preset != "auto") return spec.preset;
  return network_options(spec, data).empty() ? kUsual : "none";
}

std::string other_kind(const Spec& spec, const TrainingData& data) {
  if (spec.preset != "auto" || spec.model.model != "network") return "";
  std::string named;
  for (const auto& name : network_options(spec, data)) {
    named += (named.empty() ? "--" : ", --") + base::option_name(name);
  }
  if (named.empty()) return "";
  Spec usual;
  set_options(usual, kUsual, data);
  std::string members = usual.model.ensemble == 1
                            ? "one network"
                            : std::to_string(usual.model.ensemble) + " networks";
  if (!usual.model.blend.empty()) members += " with " + usual.model.blend;
  return "one network alone, since " + named + " says which; the usual model is " + members +
         " (--preset good keeps that)";
}

void apply_preset(Spec& spec, const TrainingData& data) {
  spec.preset = preset_of(spec, data);
  if (spec.preset == "none" || spec.model.model != "network") return;
  set_options(spec, spec.preset, data);
}

}  // namespace refrain::task
