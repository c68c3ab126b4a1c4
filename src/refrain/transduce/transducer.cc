#include "refrain/transduce/transducer.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/at.h"
#include "refrain/base/threads.h"
#include "refrain/data/bucket.h"
#include "refrain/nn/beam_search.h"
#include "refrain/nn/ctc_search.h"
#include "refrain/score/edits.h"
#include "refrain/tape/ctc_loss.h"
#include "refrain/transduce/ctc_vote.h"

namespace refrain::transduce {
namespace {

using base::at;

constexpr int kUsualBeam = 5, kModelBeam = 16;

const ReplyModel* language_of(const Transducer& t, const Writing& how) {
  if (how.without_language) return nullptr;
  return how.language != nullptr ? how.language : t.language ? &*t.language : nullptr;
}

// Penalties and weights of the search.
const ReplySpec& search_of(const Transducer& t, const Writing& how) {
  return how.search ? *how.search : t.settings.reply;
}

// Which of the decoders have a say: with a weight of 0 or 1 one of both alone.
bool attends(const Transducer& t, const Writing& how) {
  if (!t.settings.attends()) return false;
  return !t.settings.has_ctc() || search_of(t, how).ctc_weight < 1;
}
bool has_ctc(const Transducer& t, const Writing& how) {
  if (!t.settings.has_ctc()) return false;
  return !t.settings.attends() || search_of(t, how).ctc_weight > 0;
}

int beam_of(const Transducer& t, const Writing& how) {
  if (how.beam != kAuto) return how.beam;
  if (attends(t, how)) return kUsualBeam;
  return language_of(t, how) != nullptr ? kModelBeam : std::max(1, how.best == 1 ? 1 : kModelBeam);
}

// One thread's memory for one network.
struct Desk {
  tape::Tape tape;
  data::Batch batch;
};

// Writes the reply to one source.
class Writer {
 public:
  Writer(const Transducer& t, const Writing& how) : t_(t), how_(how), search_(search_of(t, how)) {
    for (const auto& network : t.networks) {
      if (attends(t, how)) packed_.emplace_back(*network->decoder(), network->params());
    }
  }

  Reply write(const data::EncodedSample& sample, std::vector<Desk>& desks) const {
    const std::vector<data::EncodedSample> one = {sample};
    const int chosen = 0;
    const std::size_t M = t_.networks.size();
    std::vector<nn::Context> contexts;
    std::vector<nn::StepStates> encoded;
    contexts.reserve(M);
    for (std::size_t m = 0; m < M; ++m) {
      Desk& desk = desks[m];
      data::assemble(one, &chosen, 1, t_.streams(), desk.batch);
      desk.tape.reset(false);
      const auto& network = *t_.networks[m];
      contexts.push_back({desk.tape, network.params(), nullptr, false, base::Rng(0), desk.batch});
      encoded.push_back(network.encode(contexts.back()));
    }
    Reply out;
    out.steps = encoded.front().steps->N;
    if (attends(t_, how_)) {
      attend(contexts, encoded, sample, out);
    } else {
      search(contexts, encoded, out);
    }
    for (auto& option : out.options) option.text = t_.reply.decode(option.symbols);
    return out;
  }

 private:
  void attend(std::vector<nn::Context>& contexts, const std::vector<nn::StepStates>& encoded,
              const data::EncodedSample& sample, Reply& out) const {
    std::vector<nn::Voice> voices;
    for (std::size_t m = 0; m < contexts.size(); ++m) {
      voices.push_back({&packed_[m], contexts[m].tape.value(encoded[m].states)});
    }
    nn::BeamOptions o;
    o.mark = Symbols::kMark;
    o.beam = beam_of(t_, how_);
    o.best = how_.best;
    o.longest = longest_reply(sample, how_);
    if (how_.sampling > 0) {
      o.beam = how_.best;
      o.temperature = how_.sampling;
      o.draws = static_cast<std::uint64_t>(sample.index);
    }
    o.length_power = search_.length_penalty;
    o.coverage = search_.coverage_penalty;
    const bool judged = has_ctc(t_, how_) && o.beam > 1 && how_.sampling <= 0;
    if (judged) o.best = std::max(o.best, o.beam);
    auto found = nn::beam_search(voices, o);
    if (judged) judge(ctc_voices(contexts, encoded), found);
    for (auto& h : found) {
      out.options.push_back({"", std::move(h.symbols), h.log_p, h.score, {}, {}, {}});
      if (how_.aligned) out.options.back().weights = std::move(h.weights);
    }
  }

  // The hypotheses of attention in the order of their joint scores, as many as are wanted. What CTC
  // has too few steps for counts only where nothing else was proposed.
  void judge(const std::vector<CtcVoice>& voices, std::vector<nn::Hypothesis>& found) const {
    std::vector<nn::Hypothesis> possible;
    for (auto& h : found) {
      const double log_p = ctc_log_p(voices, h.symbols, Symbols::kMark);
      if (!std::isfinite(log_p)) continue;
      const double length = static_cast<double>(h.symbols.size()) + 1;
      possible.push_back(std::move(h));
      possible.back().score =
          (1 - search_.ctc_weight) * possible.back().score +
          search_.ctc_weight * log_p / nn::length_normaliser(length, search_.length_penalty);
    }
    if (!possible.empty()) found = std::move(possible);
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
    found.resize(std::min(found.size(), at(how_.best)));
  }

  std::vector<CtcVoice> ctc_voices(std::vector<nn::Context>& contexts,
                                   const std::vector<nn::StepStates>& encoded) const {
    std::vector<CtcVoice> out;
    for (std::size_t m = 0; m < contexts.size(); ++m) {
      out.push_back({&contexts[m].tape, t_.networks[m]->ctc_scores(contexts[m], encoded[m]),
                     encoded[m].steps});
    }
    return out;
  }

  void search(std::vector<nn::Context>& contexts, const std::vector<nn::StepStates>& encoded,
              Reply& out) const {
    const auto voices = ctc_voices(contexts, encoded);
    nn::CtcSearch o;
    o.blank = Symbols::kMark;
    o.beam = beam_of(t_, how_);
    o.best = how_.best;
    if (const ReplyModel* language = language_of(t_, how_)) {
      language->help(t_.reply, o);
      o.model_weight = search_.language_model_weight;
      o.bonus = search_.symbol_bonus;
    }
    for (auto& s : ctc_vote(voices, o)) {
      out.options.push_back({"", std::move(s.symbols), s.log_p, s.score, {}, {}, {}});
      if (how_.aligned) align(voices.front(), out.options.back());
    }
  }

  // Times of the first network: those of others differ by a step or two.
  static void align(const CtcVoice& voice, Option& option) {
    tape::Tape& tape = *voice.tape;
    const tensor::Tensor z = tape.value(voice.scores);
    const int L = static_cast<int>(option.symbols.size());
    if (L == 0 || tape::ctc_steps(option.symbols.data(), L) > z.rows()) return;
    option.first.resize(at(L));
    option.last.resize(at(L));
    const int begin[] = {0, L};
    tape::CtcLoss o;
    o.symbol = option.symbols.data();
    o.begin = begin;
    o.blank = Symbols::kMark;
    tape::ctc_align(tape, z, o, {option.first.data(), option.last.data()});
  }

  const Transducer& t_;
  const Writing& how_;
  const ReplySpec& search_;
  std::vector<nn::PackedDecoder> packed_;  // of each network, where they attend
};

std::u32string as_text(std::vector<int>::const_iterator from, std::vector<int>::const_iterator to) {
  return {from, to};
}

}  // namespace

std::size_t Transducer::parameter_count() const {
  std::size_t sum = 0;
  for (const auto& n : networks) sum += n->params().parameter_count();
  return sum;
}

std::vector<data::StreamInfo> Transducer::streams() const {
  std::vector<data::StreamInfo> out(2);
  out[0].name = "source";
  out[0].kind = reads_text() ? data::StreamKind::kText : data::StreamKind::kSeries;
  out[1].name = "reply";
  out[1].kind = data::StreamKind::kText;
  return out;
}

NetworkForm Transducer::form() const {
  const Settings& s = settings;
  NetworkForm f;
  f.source.kind = streams().front().kind;
  f.source.inputs = reads_text() ? source->size() + (tagged ? 1 : 0) : features.inputs(0);
  f.source.length = longest;
  f.encoder = s.encoder;
  f.encoder.pooling = "last";  // the states are read
  f.decoder = {s.encoder.cell,
               s.reply.decoder_hidden,
               s.encoder.embedding_dim,
               s.reply.decoder_attention == "additive",
               s.reply.decoder_attention == "heads" ? s.encoder.heads : 1,
               s.reply.input_feeding,
               s.encoder.dropout,
               s.label_smoothing};
  f.attends = s.attends();
  f.has_ctc = s.has_ctc();
  f.ctc_weight = s.reply.ctc_weight;
  f.symbols = reply.size();
  return f;
}

data::EncodedStream encode_source(const Transducer& t, const data::Sample& sample, bool made) {
  if (!t.reads_text()) return std::move(t.features.encode(sample, 0).streams.front());
  data::EncodedStream out;
  const auto* text = std::get_if<std::string>(&sample.streams.front());
  if (text == nullptr) {
    throw Error(Code::kData, "a model of texts was asked about other data", "give it texts");
  }
  const int repeat = std::max(1, t.settings.reply.repeat);
  if (made && t.tagged) out.ids.push_back(t.source->size());
  for (const int symbol : t.source->encode(*text)) {
    for (int i = 0; i < repeat; ++i) out.ids.push_back(symbol);
  }
  out.ids.push_back(Symbols::kMark);
  out.length = static_cast<int>(out.ids.size());
  return out;
}

data::EncodedStream encode_reply(const Transducer& t, const std::string& reply) {
  data::EncodedStream out;
  out.ids = {Symbols::kMark};
  const auto symbols = t.reply.encode(reply);
  out.ids.insert(out.ids.end(), symbols.begin(), symbols.end());
  out.length = static_cast<int>(out.ids.size());
  return out;
}

data::EncodedSample encode(const Transducer& t, const data::Sample& sample, std::int64_t index,
                           bool made) {
  data::EncodedSample out;
  out.streams.push_back(encode_source(t, sample, made));
  out.streams.push_back(encode_reply(t, sample.label));
  out.weight = sample.weight;
  out.index = index;
  return out;
}

int longest_reply(const data::EncodedSample& sample, const Writing& how) {
  const int most = 50 + 4 * sample.streams.front().length;
  return how.near_truth ? std::min(most, 5 + 2 * sample.streams.back().length) : most;
}

std::vector<Reply> write(const Transducer& t, const std::vector<data::EncodedSample>& samples,
                         const Writing& how) {
  std::vector<Reply> out(samples.size());
  const Writer writer(t, how);
  base::parallel_for(static_cast<int>(samples.size()), how.threads, [&](int i) {
    thread_local std::vector<Desk> desks;  // keeps its memory from sample to sample
    while (desks.size() < t.networks.size()) desks.emplace_back();
    if (how.stop != nullptr && *how.stop) return;
    out[at(i)] = writer.write(samples[at(i)], desks);
  });
  return out;
}

std::vector<Reply> write(const Transducer& t, const data::Subset& samples, const Writing& how) {
  std::vector<data::EncodedSample> encoded(at(samples.size()));
  base::parallel_for(samples.size(), how.threads,
                     [&](int i) { encoded[at(i)] = encode(t, samples[i], samples.chosen[at(i)]); });
  return write(t, encoded, how);
}

double symbol_errors(const Transducer& t, const std::vector<data::EncodedSample>& samples,
                     int threads) {
  Writing how;
  how.beam = 1;
  how.threads = threads;
  how.near_truth = true;
  const auto replies = write(t, samples, how);
  std::size_t edits = 0, symbols = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto& ids = samples[i].streams.back().ids;
    const auto& said = replies[i].options.front().symbols;
    edits += score::edit_distance(as_text(said.begin(), said.end()),
                                  as_text(ids.begin() + 1, ids.end()));
    symbols += ids.size() - 1;
  }
  return static_cast<double>(edits) / static_cast<double>(std::max<std::size_t>(1, symbols));
}

}  // namespace refrain::transduce
