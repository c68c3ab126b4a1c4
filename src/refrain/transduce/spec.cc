#include "refrain/transduce/spec.h"

namespace refrain::transduce {
namespace {

using base::Word;
using S = ReplySpec;

// How replies are searched for.
void add_search(base::Fields<S>& fields) {
  fields
      .field("beam", &S::beam, 1, 1000, Word{"auto", kAuto},
             "hypotheses that are kept while a reply is searched for; 1 = greedy; auto = 5; with "
             "CTC 1, or 16 with a language model, and at least 8 for ensembles")
      .common("How many hypotheses the search for a reply keeps.")
      .field("n_best", &S::n_best, 1, 100, "replies that JSON answers give for each sample")
      .field("length_penalty", &S::length_penalty, 0, 5,
             "power of the length that the score of a hypothesis is divided by (Wu et al. 2016)")
      .field("coverage_penalty", &S::coverage_penalty, 0, 10,
             "weight of the penalty on source steps that got little attention (Wu et al. 2016)")
      .field(
          "sampling", &S::sampling, 0, 10,
          "above 0: replies of attention are drawn instead of searched for, --n-best of them, from "
          "probabilities to the power of 1 / this number")
      .field(
          "language_model", &S::language_model,
          "helps the search of CTC: ngram = a Kneser-Ney model of the training replies' symbols; "
          "or a file: words in ARPA format, or a model of 'refrain pretrain' whose units replies "
          "are written in; none")
      .field("language_model_weight", &S::language_model_weight, 0, 10,
             "weight of the language model's logarithms in the search")
      .field("symbol_bonus", &S::symbol_bonus, -10, 10,
             "added to a hypothesis for each symbol, against a language model's liking for short "
             "replies")
      .field("skip_impossible", &S::skip_impossible,
             "leave out training samples whose reply is longer than their steps allow with CTC; "
             "otherwise they are an error");
}

}  // namespace

base::Fields<ReplySpec> reply_fields() {
  base::Fields<S> fields;
  fields.section("Replies")
      .field(
          "decoder", &S::decoder, {"auto", "attention", "ctc", "both"},
          "what writes a translation or transcript: attention = a recurrent decoder (Bahdanau et "
          "al. 2015); ctc = a symbol or none at each step of the encoder (Graves et al. 2006); "
          "both = trained together, attention proposes and both judge (Watanabe et al. 2017); auto "
          "= attention for texts, both for spellings in the order of the source, ctc for series")
      .common("How translations and transcripts are written: attention, ctc, both.")
      .field("ctc_weight", &S::ctc_weight, 0, 1, Word{"auto", kAutoNumber},
             "share of CTC in losses and scores with --decoder both; in predict and evaluate 0 = "
             "attention writes alone, 1 = CTC does; auto = 0.3")
      .field("repeat", &S::repeat, 1, 10, Word{"auto", kAuto},
             "how often each symbol of a source text is read, so that CTC has steps enough; auto = "
             "as often as all training replies need")
      .field("source_units", &S::source_units, {"auto", "characters", "tokens", "subwords"},
             "units that source texts are read in; tokens stand between blanks; auto = characters "
             "for single words, subwords for sentences")
      .field("reply_units", &S::reply_units, {"auto", "characters", "tokens", "subwords"},
             "units that replies are written in; auto = tokens where there are few different ones, "
             "such as phones, subwords for translated sentences, else characters")
      .field("vocabulary_size", &S::vocabulary_size, 30, 100'000, Word{"auto", kAuto},
             "number of subwords (byte-pair encoding, Sennrich et al. 2016) of each side; auto = "
             "from the number of words")
      .common("How many subwords each language has.")
      .field("shared_vocabulary", &S::shared_vocabulary,
             "learn one vocabulary of subwords from both sides")
      .field("decoder_attention", &S::decoder_attention, {"additive", "dot", "heads"},
             "how a decoder compares its state with the encoder's: additive (Bahdanau et al. "
             "2015), dot (Luong et al. 2015), or --heads dot products (Vaswani et al. 2017)")
      .field("decoder_hidden", &S::decoder_hidden, 1, 4096, Word{"auto", kAuto},
             "units of each of the decoder's two recurrent layers; auto = twice --hidden")
      .field("input_feeding", &S::input_feeding,
             "let the decoder read at each step what attention found at the step before (Luong et "
             "al. 2015); slower");
  add_search(fields);
  return fields;
}

}  // namespace refrain::transduce
