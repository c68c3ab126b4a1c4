#include "refrain/language/spec.h"

#include <fmt/format.h>

#include <algorithm>

#include "refrain/base/duration.h"
#include "refrain/kernels/cells.h"

namespace refrain::language {
namespace {

using base::Word;

base::Fields<UnitSpec> unit_fields() {
  using S = UnitSpec;
  return base::Fields<S>()
      .section("Units")
      .field("unit", &S::unit, {"character", "word", "subword"}, "units that the model predicts")
      .common("What a language model predicts: characters, words or pieces of words.")
      .field("tokens", &S::tokens, {"auto", "rules", "spaces"},
             "how text is cut into words: rules = as for classifiers, spaces = at spaces; auto = "
             "spaces if the text contains <unk>, as prepared corpora do")
      .field("lowercase", &S::lowercase,
             "words by rules: treat upper and lower case letters as equal")
      .field("min_count", &S::min_count, 1, 1000000, Word{"auto", kAuto},
             "words and characters with fewer occurrences in training count as unknown; auto = 2 "
             "for words by rules, else 1")
      .field("max_vocabulary", &S::max_vocabulary, 1, 10000000,
             "largest number of words in the vocabulary; the most frequent ones are kept")
      .field("vocabulary_size", &S::vocabulary_size, 16, 1000000, Word{"auto", kAuto},
             "subwords: size of the vocabulary that SentencePiece makes; auto = chosen by the "
             "length of the text")
      .field("sentencepiece", &S::sentencepiece,
             "subwords: existing SentencePiece model file; without it one is trained");
}

base::Fields<NetworkSpec> network_fields() {
  using S = NetworkSpec;
  const Word chosen{"auto", kAutoShare};
  return base::Fields<S>()
      .section("Network")
      .field("cell", &S::cell, kernels::cells().names(), "recurrent cell")
      .field("hidden", &S::hidden, 1, 4096, Word{"auto", kAuto},
             "size of the recurrent state of a layer; auto = chosen by the length of the text and "
             "--time-limit")
      .field("layers", &S::layers, 1, 16, Word{"auto", kAuto}, "number of stacked recurrent layers")
      .field("bidirectional", &S::bidirectional,
             "also train a model that reads backwards, with the same word vectors")
      .field("embedding_dim", &S::embedding_dim, 1, 4096, Word{"auto", kAuto},
             "size of the vector of a unit; auto = the state size (characters: at most 64)")
      .field("tied", &S::tied, {"auto", "yes", "no"},
             "use the input vectors for the output as well (Press and Wolf 2017); auto = yes for "
             "words and subwords")
      .field("softmax", &S::softmax, {"auto", "full", "adaptive"},
             "adaptive = divide the vocabulary by frequency (Grave et al. 2017), which is exact "
             "and much faster with many words; auto = adaptive from 4,000 words on")
      .section("Regularisation")
      .field("dropout", &S::dropout, 0, 0.95, chosen, "dropout between layers and of the output")
      .field("input_dropout", &S::input_dropout, 0, 0.95, chosen,
             "variational dropout of the unit vectors: one mask for each window")
      .field("recurrent_dropout", &S::recurrent_dropout, 0, 0.95,
             "variational dropout of the recurrent state: one mask for each window")
      .field("zoneout", &S::zoneout, 0, 0.95,
             "probability that a state keeps its previous value (Krueger et al. 2017)")
      .field("weight_drop", &S::weight_drop, 0, 0.95, chosen,
             "dropout of the recurrent weights: one mask for each update (Merity et al. 2018)")
      .field("embedding_dropout", &S::embedding_dropout, 0, 0.95, chosen,
             "drop whole units of a window, each at all its places")
      .field("ar", &S::ar, 0, 1000,
             "activation regularisation: penalty on the size of the top layer's states (Merity et "
             "al. 2018)")
      .field("tar", &S::tar, 0, 1000,
             "temporal activation regularisation: penalty on the change of the states from step to "
             "step (Merity et al. 2018)");
}

base::Fields<ReadingSpec> reading_fields() {
  using S = ReadingSpec;
  return base::Fields<S>()
      .section("Reading")
      .field("bptt", &S::bptt, 1, 100000, Word{"auto", kAuto},
             "units that an update reads from each stream. Gradients end there, the state is "
             "carried on; auto = 64 characters or 35 words")
      .field("jitter", &S::jitter,
             "vary the length of the windows around --bptt (Merity et al. 2018)")
      .field("zero_state", &S::zero_state, 0, 1, Word{"auto", kAutoShare},
             "share of windows that start from a zero state, so that beginnings of texts are read "
             "well (Melis et al. 2018); auto = 0.02, for characters 0.002")
      .field("valid_fraction", &S::valid_fraction, 0, 0.5, Word{"auto", kAutoShare},
             "share of the text, at its end, that is held out if no --valid file is given; auto = "
             "0.1, for long texts 50 kB")
      .field(
          "time_limit", &S::time_limit,
          "time for the training, such as 10m or 1h30m; size and number of updates follow from it")
      .common("Train as much as fits into this time, such as 10m.")
      .field("baselines", &S::baselines, "also score n-gram models")
      .field("blend", &S::blend, {"auto", "kneser_ney", "none"},
             "mix the network with an n-gram model of the training text, by a weight that the "
             "held-out text chooses; the file then contains the words of that text. auto = "
             "kneser_ney, except for two directions, without a held-out text, and beyond 10 "
             "million units")
      .field("ngram_order", &S::ngram_order, 1, 12, Word{"auto", kAuto},
             "longest n-gram of the Kneser-Ney model; auto = 5 words or 8 characters, fewer for "
             "long texts")
      .field("encoding", &S::encoding, "character encoding of the text");
}

base::Fields<LanguageSpec> all_fields() {
  using S = LanguageSpec;
  return base::Fields<S>()
      .include(&S::units, unit_fields())
      .include(&S::network, network_fields())
      .include(&S::reading, reading_fields())
      .include(&S::train, train::train_fields())
      .include(&S::optim, optim::optim_fields());
}

void set_help(std::vector<base::Field>& fields, const std::string& name, std::string help) {
  for (auto& field : fields) {
    if (field.name == name) field.help = std::move(help);
  }
}

std::vector<base::Field> made_fields() {
  auto fields = all_fields().list();
  // These are of samples, or of searches on a whole training part.
  for (const char* name : {"mixup", "min_epochs", "smooth_epochs", "sam_base", "sam_rho"}) {
    std::erase_if(fields, [&](const base::Field& f) { return f.name == name; });
  }
  for (auto& field : fields) {
    if (field.name != "optimiser") continue;
    std::erase(field.choices, "lbfgs");
    std::erase(field.choices, "sam");
  }
  set_help(fields, "epochs", "passes over the text; 0 = by its length");
  set_help(fields, "batch_size", "streams of text that are read side by side; 0 = by its length");
  set_help(fields, "patience",
           "validations without a better one before stopping; 0 = never stop early");
  set_help(fields, "lr",
           "learning rate (the schedule's peak); auto = 0.004 for adaptive optimisers, 0.003 for "
           "states of 256 and more, 20 for sgd");
  return fields;
}

}  // namespace

LanguageSpec::LanguageSpec() {
  train.patience = 10;
  train.nt_window = 5;
  optim.lr = optim::kAutoRate;
  optim.clip_norm = 1;
  optim.weight_decay = 0.01;
  optim.schedule = "cosine";
  optim.warmup = 0.04;
}

const std::vector<base::Field>& language_fields() {
  static const std::vector<base::Field> fields = made_fields();
  return fields;
}

void check_options(const LanguageSpec& spec) {
  const auto& limit = spec.reading.time_limit;
  if (!limit.empty() && !base::parse_duration(limit)) {
    throw Error(Code::kUsage, fmt::format("--time-limit: '{}' is no time", limit),
                "write 90s, 10m or 1h30m");
  }
  const auto& t = spec.train;
  if (!t.freeze.empty() || t.unfreeze_every + t.unfreeze_words > 0 || t.layer_lr_decay != 1 ||
      t.l2_sp > 0) {
    throw Error(
        Code::kUsage,
        "--freeze, --unfreeze-every, --layer-lr-decay and --l2-sp belong to a training that "
        "begins with a source",
        "leave them out here, and give them to 'refrain train --init'");
  }
  if (spec.network.bidirectional && spec.reading.blend == "kneser_ney") {
    throw Error(Code::kUsage, "n-grams read forwards, a pair reads both ways",
                "leave out --blend or --bidirectional");
  }
  if (spec.units.unit != "subword" && !spec.units.sentencepiece.empty()) {
    throw Error(Code::kUsage, "--sentencepiece is for --unit subword", "add --unit subword");
  }
}

nn::EncoderSpec encoder_spec(const NetworkSpec& spec) {
  nn::EncoderSpec e;
  e.cell = spec.cell;
  e.hidden = spec.hidden;
  e.layers = spec.layers;
  e.bidirectional = false;
  e.embedding_dim = spec.embedding_dim;
  e.recompute = "never";
  e.dropout = spec.dropout;
  e.input_dropout = spec.input_dropout;
  e.recurrent_dropout = spec.recurrent_dropout;
  e.zoneout = spec.zoneout;
  e.weight_drop = spec.weight_drop;
  e.embedding_dropout = spec.embedding_dropout;
  e.ar = spec.ar;
  e.tar = spec.tar;
  return e;
}

}  // namespace refrain::language
