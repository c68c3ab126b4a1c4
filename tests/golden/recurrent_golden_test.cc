// Every cell, one and two layers, one and two directions against PyTorch's numbers.
#include "refrain/tape/recurrent.h"

#include <map>
#include <nlohmann/json.hpp>

#include "refrain/kernels/cells.h"
#include "refrain/tape/pooling.h"
#include "tests/golden/golden_file.h"

namespace refrain::golden {
namespace {

using tape::Shape;
using tape::Tape;
using tape::Var;

struct Parameter {
  Shape shape;
  Numbers value, gradient;
};

// One direction of one layer: our parameters made from PyTorch's, and theirs to compare with.
class Part {
 public:
  Part(const Json& c, const kernels::Cell& cell, int H, const std::string& suffix)
      : d_weights_(c["d_weights"]), suffix_(suffix), cell_(cell), H_(H) {
    const Json& weights = c["weights"];
    const int G = cell.gates * H, I = static_cast<int>(weights["weight_ih" + suffix][0].size());
    w_x_ = make({I, G}, transposed(weights["weight_ih" + suffix]));
    w_h_ = make({H, G}, transposed(weights["weight_hh" + suffix]));
    Numbers b = numbers(weights["bias_ih" + suffix]);
    const Numbers b_hh = numbers(weights["bias_hh" + suffix]);
    // What stands inside the product with r (the last block of gru and mgu) stays apart.
    const std::size_t joined = b.size() - static_cast<std::size_t>(cell.extra_bias * H);
    for (std::size_t i = 0; i < joined; ++i) b[i] += b_hh[i];
    b_ = make({G}, b);
    b_h_ = make({cell.extra_bias * H},
                {b_hh.begin() + static_cast<std::ptrdiff_t>(joined), b_hh.end()});
  }

  tape::Direction on(Tape& tape, bool reverse) {
    tape::Direction d;
    d.w_x = variable(tape, w_x_);
    d.w_h = variable(tape, w_h_);
    d.b = variable(tape, b_);
    if (cell_.extra_bias > 0) d.b_h = variable(tape, b_h_);
    d.reverse = reverse;
    return d;
  }

  void compare() const {
    expect_close(w_x_.gradient, transposed(d_weights_["weight_ih" + suffix_]), "d_w_x" + suffix_);
    expect_close(w_h_.gradient, transposed(d_weights_["weight_hh" + suffix_]), "d_w_h" + suffix_);
    expect_close(b_.gradient, numbers(d_weights_["bias_ih" + suffix_]), "d_b" + suffix_);
    const Numbers d_b_hh = numbers(d_weights_["bias_hh" + suffix_]);
    expect_close(b_h_.gradient, {d_b_hh.end() - cell_.extra_bias * H_, d_b_hh.end()},
                 "d_b_h" + suffix_);
  }

 private:
  static Parameter make(const Shape& shape, const Numbers& value) {
    return {shape, value, Numbers(value.size())};
  }
  static Var variable(Tape& tape, Parameter& p) {
    return tape.variable({p.shape, p.value.data()}, {p.shape, p.gradient.data()});
  }

  const Json& d_weights_;
  std::string suffix_;
  const kernels::Cell& cell_;
  int H_;
  Parameter w_x_, w_h_, b_, b_h_;
};

class RecurrentCase {
 public:
  explicit RecurrentCase(const Json& c)
      : c_(c), H_(c["hidden_size"]), D_(c["bidirectional"].get<bool>() ? 2 : 1) {
    const std::map<std::string, std::string> names = {{"rnn_tanh", "rnn"}, {"rnn_relu", "rnn_relu"},
                                                      {"lstm", "lstm"},    {"gru", "gru"},
                                                      {"mgu", "mgu"},      {"slstm", "slstm"}};
    cell_ = &kernels::cells().at(names.at(c["cell"].get<std::string>()));
    table_.assign(c["lengths"].get<std::vector<int>>());
    for (int k = 0; k < c["layers"].get<int>(); ++k) {
      for (int d = 0; d < D_; ++d) {
        parts_.emplace_back(c, *cell_, H_, "_l" + std::to_string(k) + (d == 1 ? "_reverse" : ""));
      }
    }
  }

  void run() {
    const int I = c_["input_size"];
    const tensor::Steps& steps = table_.steps();
    Numbers x = suites::to_rows(sequences(c_["x"]), steps, I), d_x(x.size());
    tape_.reset(true);
    Var y = tape_.variable({{steps.N, I}, x.data()}, {{steps.N, I}, d_x.data()});
    for (std::size_t k = 0; k < parts_.size() / static_cast<std::size_t>(D_); ++k) {
      y = layer(y, k);
      compare_final_states(y, k);
    }
    expect_close(suites::from_rows(tape_.value(y).data, steps, D_ * H_), sequences(c_["y"]), "y");
    const Numbers d_y = suites::to_rows(sequences(c_["d_y"]), steps, D_ * H_);
    std::copy(d_y.begin(), d_y.end(), tape_.gradient(y).data);
    tape_.backward();
    expect_close(suites::from_rows(d_x.data(), steps, I), sequences(c_["d_x"]), "d_x");
    for (const Part& part : parts_) part.compare();
  }

 private:
  Var layer(Var x, std::size_t k) {
    tape::RecurrentLayer layer;
    layer.cell = cell_;
    layer.units = H_;
    layer.directions = D_;
    for (int d = 0; d < D_; ++d) {
      layer.direction[d] =
          parts_[k * static_cast<std::size_t>(D_) + static_cast<std::size_t>(d)].on(tape_, d == 1);
    }
    return recurrent(tape_, x, layer, table_.steps());
  }

  // h_n[b][k*D + d] are the final states of layer k and direction d.
  void compare_final_states(Var y, std::size_t k) {
    const Tensor last = tape_.value(pool_last(tape_, y, H_, table_.steps()));
    Numbers expected;
    for (const Json& sequence : c_["h_n"]) {
      for (int d = 0; d < D_; ++d) {
        for (const real h :
             numbers(sequence[k * static_cast<std::size_t>(D_) + static_cast<std::size_t>(d)])) {
          expected.push_back(h);
        }
      }
    }
    expect_close(Numbers(last.data, last.data + last.count()), expected, "h_n");
  }

  using Tensor = tape::Tensor;
  const Json& c_;
  int H_, D_;
  const kernels::Cell* cell_ = nullptr;
  tensor::StepTable table_;
  std::vector<Part> parts_;
  Tape tape_;
};

TEST(RecurrentGolden, outputs_final_states_and_gradients_are_pytorchs_and_the_equations) {
  const Json file = read_file("recurrent.json");
  ASSERT_EQ(file["cases"].size(), 24u);
  for (const Json& c : file["cases"]) {
    SCOPED_TRACE(c["cell"].get<std::string>() + ", " + c["layers"].dump() + " layers" +
                 (c["bidirectional"].get<bool>() ? ", bidirectional" : ""));
    RecurrentCase(c).run();
  }
}

}  // namespace
}  // namespace refrain::golden
