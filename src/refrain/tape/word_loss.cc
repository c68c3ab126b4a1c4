#include "refrain/tape/word_loss.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "refrain/base/error.h"
#include "refrain/kernels/elementwise.h"
#include "refrain/kernels/product.h"

namespace refrain::tape {
namespace {

constexpr int kColumns = 512;  // words at a time: their packed vectors stay in the second cache

// Consecutive words of a softmax.
struct WordBlock {
  const real *w = nullptr, *bias = nullptr;  // [count,E], [count] or null
  real *d_w = nullptr, *d_bias = nullptr;    // null = unwanted
  int count = 0;
};

// One softmax over the words of up to two blocks, for some rows of x.
struct WordSoftmax {
  WordBlock block[2];
  int blocks = 1, columns = 0, E = 0;
  int rows = 0;
  const int* row = nullptr;     // [rows] of x
  const int* target = nullptr;  // [rows] columns
  const real* x = nullptr;      // [rows,E] gathered
  real* p = nullptr;            // [piece,columns] probabilities; after backward scratch
  int piece = 0;                // rows at a time
  double smoothing = 0;
};

// Calls visit(block, first word in the block, words, first column) for the columns of a softmax.
template <class Visit>
void each_run(const WordSoftmax& part, const Visit& visit) {
  int column = 0;
  for (int k = 0; k < part.blocks; ++k) {
    const WordBlock& block = part.block[k];
    for (int first = 0; first < block.count; first += kColumns) {
      const int count = std::min(kColumns, block.count - first);
      visit(block, first, count, column + first);
    }
    column += block.count;
  }
}

std::size_t packed_words(int E) {
  return std::max(kernels::packed_size(E, kColumns), kernels::packed_size(kColumns, E));
}

std::ptrdiff_t place(int row, int columns) { return static_cast<std::ptrdiff_t>(row) * columns; }

// In partial sums, which run side by side.
double sum_of_logits(const real* logits, int count) {
  constexpr int kParts = 16;
  double part[kParts] = {};
  int v = 0;
  for (; v + kParts <= count; v += kParts) {
    for (int k = 0; k < kParts; ++k) part[k] += static_cast<double>(logits[v + k]);
  }
  for (; v < count; ++v) part[0] += static_cast<double>(logits[v]);
  double sum = 0;
  for (const double x : part) sum += x;
  return sum;
}

// The logits of a row, averaged as the aim is spread.
double aim_of(const WordSoftmax& part, int row, const real* logits) {
  const auto target = static_cast<double>(logits[part.target[row]]);
  if (part.smoothing == 0) return target;
  const double mean = sum_of_logits(logits, part.columns) / part.columns;
  return (1 - part.smoothing) * target + part.smoothing * mean;
}

// Probabilities of rows [first, first + rows); `surprise` [rows] unless null.
void probabilities(const WordSoftmax& part, int first, int rows, real* packed, double* surprise) {
  const int E = part.E;
  each_run(part, [&](const WordBlock& block, int word, int count, int column) {
    kernels::pack({block.w + place(word, E), E, count, 1, E}, packed);
    const real* bias = block.bias == nullptr ? nullptr : block.bias + word;
    kernels::product(
        {part.x + place(first, E), E, rows, E, count, packed, bias, part.p + column, part.columns});
  });
  for (int r = 0; r < rows; ++r) {
    real* p = part.p + place(r, part.columns);
    const double logit = aim_of(part, first + r, p);
    const double norm = kernels::softmax_of_many(static_cast<std::size_t>(part.columns), p);
    if (surprise != nullptr) surprise[r] = norm - logit;
  }
}

// Scratch of backward: packed words, x times the factor, gradient of x, column sums.
struct WordRoom {
  real *packed, *scaled, *d_x, *sums;
};

void add_word_gradients(const WordSoftmax& part, int rows, const WordRoom& room, real factor) {
  each_run(part, [&](const WordBlock& block, int word, int count, int column) {
    const real* p = part.p + column;
    if (block.d_w != nullptr) {
      kernels::outer_product({p, part.columns, nullptr, room.scaled, part.E, nullptr, rows, count,
                              part.E, block.d_w + place(word, part.E), part.E});
    }
    if (block.d_bias == nullptr) return;
    std::fill_n(room.sums, count, real{0});
    kernels::add_column_sums(p, part.columns, rows, count, room.sums);
    kernels::add_scaled(room.sums, factor, static_cast<std::size_t>(count), block.d_bias + word);
  });
}

void add_input_gradients(const WordSoftmax& part, int first, int rows, const WordRoom& room,
                         const Tensor& d_x, real factor) {
  bool begun = false;
  each_run(part, [&](const WordBlock& block, int word, int count, int column) {
    kernels::pack({block.w + place(word, part.E), count, part.E, part.E, 1}, room.packed);
    kernels::product({part.p + column, part.columns, rows, count, part.E, room.packed, nullptr,
                      room.d_x, part.E, begun});
    begun = true;
  });
  for (int r = 0; r < rows; ++r) {
    kernels::add_scaled(room.d_x + place(r, part.E), factor, static_cast<std::size_t>(part.E),
                        d_x.row(part.row[first + r]));
  }
}

// From the probabilities in part.p, which become their gradients without the factor.
void backward_piece(const WordSoftmax& part, int first, int rows, const WordRoom& room,
                    const Tensor& d_x, real factor) {
  const auto spread = static_cast<real>(part.smoothing / part.columns);
  for (int r = 0; r < rows; ++r) {
    real* p = part.p + place(r, part.columns);
    for (int v = 0; spread > 0 && v < part.columns; ++v) p[v] -= spread;
    p[part.target[first + r]] -= static_cast<real>(1 - part.smoothing);
  }
  const auto count = static_cast<std::size_t>(rows) * static_cast<std::size_t>(part.E);
  std::fill_n(room.scaled, count, real{0});
  kernels::add_scaled(part.x + place(first, part.E), factor, count, room.scaled);
  add_word_gradients(part, rows, room, factor);
  if (d_x.data != nullptr) add_input_gradients(part, first, rows, room, d_x, factor);
}

class WordSoftmaxMaker {
 public:
  WordSoftmaxMaker(Tape& tape, Var x, const WordTable& table, const WordLoss& o)
      : tape_(tape), x_(tape.value(x)), table_(table), o_(o) {}

  // The softmax that every row needs.
  WordSoftmax head(bool comes_back) {
    const int V = tape_.value(table_.words).rows();
    WordSoftmax part;
    part.block[0] = block(table_.words, table_.bias, 0, o_.clusters > 0 ? o_.begin[0] : V);
    if (o_.clusters > 0) {
      part.block[part.blocks++] = block(table_.clusters, table_.clusters_bias, 0, o_.clusters);
    }
    int* row = tape_.arena().array<int>(rows());
    int* target = tape_.arena().array<int>(rows());
    for (int n = 0; n < x_.rows(); ++n) {
      row[n] = n;
      const int k = cluster_of(o_.target[n]);
      target[n] = k < 0 ? o_.target[n] : o_.begin[0] + k;
    }
    part.row = row;
    part.target = target;
    part.x = x_.data;
    part.rows = x_.rows();
    return with_room(part, comes_back);
  }

  // The softmax inside cluster k, of the rows that need it.
  WordSoftmax cluster(int k, bool comes_back) {
    const int V = tape_.value(table_.words).rows();
    const int end = k + 1 < o_.clusters ? o_.begin[k + 1] : V;
    WordSoftmax part;
    part.block[0] = block(table_.words, table_.bias, o_.begin[k], end - o_.begin[k]);
    int* row = tape_.arena().array<int>(rows());
    int* target = tape_.arena().array<int>(rows());
    for (int n = 0; n < x_.rows(); ++n) {
      if (cluster_of(o_.target[n]) != k) continue;
      row[part.rows] = n;
      target[part.rows++] = o_.target[n] - o_.begin[k];
    }
    const int E = x_.columns();
    real* x = tape_.arena().array<real>(static_cast<std::size_t>(part.rows) *
                                        static_cast<std::size_t>(E));
    for (int r = 0; r < part.rows; ++r) std::copy_n(x_.row(row[r]), E, x + place(r, E));
    part.row = row;
    part.target = target;
    part.x = x;
    return with_room(part, comes_back);
  }

 private:
  std::size_t rows() const { return static_cast<std::size_t>(x_.rows()); }

  int cluster_of(int word) const {
    int k = -1;
    while (k + 1 < o_.clusters && word >= o_.begin[k + 1]) ++k;
    return k;
  }

  WordBlock block(Var words, Var bias, int first, int count) const {
    WordBlock b;
    b.count = count;
    const auto at = place(first, x_.columns());
    b.w = tape_.value(words).data + at;
    if (tape_.wants_gradient(words)) b.d_w = tape_.gradient(words).data + at;
    if (!bias.present()) return b;
    b.bias = tape_.value(bias).data + first;
    if (tape_.wants_gradient(bias)) b.d_bias = tape_.gradient(bias).data + first;
    return b;
  }

  // Takes the memory of the probabilities; what does not come back goes in smaller pieces.
  WordSoftmax with_room(WordSoftmax part, bool comes_back) {
    part.E = x_.columns();
    part.smoothing = o_.smoothing;
    part.columns = part.block[0].count + (part.blocks > 1 ? part.block[1].count : 0);
    const std::size_t row_bytes = static_cast<std::size_t>(part.columns) * sizeof(real);
    const std::size_t bytes = comes_back ? o_.kept_bytes : o_.kept_bytes / 8;
    const auto most = static_cast<int>(std::max<std::size_t>(bytes / row_bytes, 16));
    part.piece = std::min(part.rows, most);
    part.p = tape_.arena().array<real>(static_cast<std::size_t>(part.piece) *
                                       static_cast<std::size_t>(part.columns));
    return part;
  }

  Tape& tape_;
  Tensor x_;
  const WordTable& table_;
  const WordLoss& o_;
};

void check_words(const Tape& tape, Var x, const WordTable& t, const WordLoss& o) {
  const Tensor& words = tape.value(t.words);
  const int V = words.rows();
  require_columns("word loss", tape.value(x), words.columns());
  if (t.bias.present()) require_shape("word loss", tape.value(t.bias), {V});
  if (o.clusters == 0) return;
  if (o.smoothing > 0) {
    throw Error(Code::kShape,
                "[word loss] labels are smoothed over one softmax, not over clusters");
  }
  require_shape("word loss", tape.value(t.clusters), {o.clusters, words.columns()});
  if (t.clusters_bias.present())
    require_shape("word loss", tape.value(t.clusters_bias), {o.clusters});
  int before = 0;
  for (int k = 0; k < o.clusters; ++k) {
    if (k >= WordLoss::kMostClusters || o.begin[k] <= before || o.begin[k] >= V) {
      throw Error(Code::kShape, "[word loss] clusters must ascend inside the vocabulary");
    }
    before = o.begin[k];
  }
}

// Adds up the surprises of a part's rows, and each to surprise[row] unless null.
double forward_part(const WordSoftmax& part, real* packed, double* found, double* surprise) {
  double sum = 0;
  for (int first = 0; first < part.rows; first += part.piece) {
    const int rows = std::min(part.piece, part.rows - first);
    probabilities(part, first, rows, packed, found);
    for (int r = 0; r < rows; ++r) {
      sum += found[r];
      if (surprise != nullptr) surprise[part.row[first + r]] += found[r];
    }
  }
  return sum;
}

void backward_part(Tape& tape, const WordSoftmax& part, const Tensor& d_x, real factor) {
  if (part.rows == 0) return;
  const auto block = static_cast<std::size_t>(part.piece) * static_cast<std::size_t>(part.E);
  const WordRoom room{tape.arena().array<real>(packed_words(part.E)),
                      tape.arena().array<real>(block), tape.arena().array<real>(block),
                      tape.arena().array<real>(kColumns)};
  const bool kept = part.piece == part.rows;
  for (int first = 0; first < part.rows; first += part.piece) {
    const int rows = std::min(part.piece, part.rows - first);
    if (!kept) probabilities(part, first, rows, room.packed, nullptr);
    backward_piece(part, first, rows, room, d_x, factor);
  }
}

}  // namespace

Var word_loss(Tape& tape, Var x, const WordTable& table, const WordLoss& o) {
  check_words(tape, x, table, o);
  const int N = tape.value(x).rows();
  const Var y = tape.result({1}, {x, table.words, table.bias, table.clusters, table.clusters_bias});
  const bool comes_back = tape.wants_gradient(y);
  WordSoftmaxMaker maker(tape, x, table, o);
  real* packed = tape.arena().array<real>(packed_words(tape.value(x).columns()));
  auto* found = tape.arena().array<double>(static_cast<std::size_t>(N));
  if (o.surprise != nullptr) std::fill_n(o.surprise, N, 0.0);
  double sum = 0;
  for (int k = -1; k < o.clusters; ++k) {
    const WordSoftmax part = k < 0 ? maker.head(comes_back) : maker.cluster(k, comes_back);
    sum += forward_part(part, packed, found, o.surprise);
    tape.on_backward(y, [t = &tape, part, y, d_x = tape.gradient(x), total = o.total_weight] {
      const double d_y = static_cast<double>(t->gradient(y).data[0]);
      backward_part(*t, part, d_x, static_cast<real>(d_y / total));
    });
  }
  tape.value(y).data[0] = static_cast<real>(sum / o.total_weight);
  return y;
}

namespace {

double log_of(real p) {
  return std::log(std::max(static_cast<double>(p), std::numeric_limits<double>::min()));
}

// Of the words of a softmax that every row needs, [rows, columns] into `out`.
void log_probabilities_of(const WordSoftmax& head, real* packed, double* out) {
  for (int first = 0; first < head.rows; first += head.piece) {
    const int rows = std::min(head.piece, head.rows - first);
    probabilities(head, first, rows, packed, nullptr);
    const auto count = static_cast<std::ptrdiff_t>(rows) * head.columns;
    for (std::ptrdiff_t i = 0; i < count; ++i) *out++ = log_of(head.p[i]);
  }
}

}  // namespace

void word_log_probabilities(Tape& tape, Var x, const WordTable& table, const WordLoss& options,
                            double* out) {
  WordLoss o = options;
  const auto rows = static_cast<std::size_t>(tape.value(x).rows());
  int* word = tape.arena().array<int>(rows);  // one of the part that is looked at
  std::fill_n(word, rows, 0);
  o.target = word;
  check_words(tape, x, table, o);
  WordSoftmaxMaker maker(tape, x, table, o);
  real* packed = tape.arena().array<real>(packed_words(tape.value(x).columns()));
  const WordSoftmax head = maker.head(false);
  if (o.clusters == 0) {
    log_probabilities_of(head, packed, out);
    return;
  }
  if (rows != 1) throw Error(Code::kShape, "[word loss] with clusters there is one row at a time");
  probabilities(head, 0, 1, packed, nullptr);
  for (int c = 0; c < head.block[0].count; ++c) out[c] = log_of(head.p[c]);
  for (int k = 0; k < o.clusters; ++k) {
    const double whole = log_of(head.p[head.block[0].count + k]);
    *word = o.begin[k];
    const WordSoftmax part = maker.cluster(k, false);
    probabilities(part, 0, 1, packed, nullptr);
    for (int c = 0; c < part.columns; ++c) out[*word + c] = whole + log_of(part.p[c]);
  }
}

}  // namespace refrain::tape
