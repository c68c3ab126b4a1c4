// Operations on the tape against PyTorch's numbers.
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/tape/attention.h"
#include "refrain/tape/ctc_loss.h"
#include "refrain/tape/embedding.h"
#include "refrain/tape/layer_norm.h"
#include "refrain/tape/linear.h"
#include "refrain/tape/loss.h"
#include "refrain/tape/pooling.h"
#include "tests/golden/golden_file.h"

namespace refrain::golden {
namespace {

using tape::Shape;
using tape::Tape;
using tape::Tensor;
using tape::Var;

// A case on a tape: its tensors by name, each with a gradient to be compared with "d_<name>".
class Bench {
 public:
  explicit Bench(const Json& c) : c_(c) {
    tape.reset(true);
    if (c.contains("lengths")) table_.assign(c["lengths"].get<std::vector<int>>());
  }

  const tensor::Steps& steps() const { return table_.steps(); }
  int number(const std::string& name) const { return c_[name].get<int>(); }

  Var matrix(const std::string& name) {
    const Json& m = c_[name];
    return keep(name, {static_cast<int>(m.size()), static_cast<int>(m[0].size())}, numbers(m),
                numbers(c_["d_" + name]));
  }
  Var weight(const std::string& name) {  // transposed
    const Json& m = c_[name];
    return keep(name, {static_cast<int>(m[0].size()), static_cast<int>(m.size())}, transposed(m),
                transposed(c_["d_" + name]));
  }
  Var vector(const std::string& name) {
    const Json& v = c_[name];
    return keep(name, {static_cast<int>(v.size())}, numbers(v), numbers(c_["d_" + name]));
  }
  Var ragged(const std::string& name) {
    const int F = columns(name);
    return keep(name, {steps().N, F}, suites::to_rows(sequences(c_[name]), steps(), F),
                suites::to_rows(sequences(c_["d_" + name]), steps(), F));
  }

  // Compares y, runs backward from d_y and compares every gradient.
  void finish(Var y, bool in_rows) {
    const Tensor value = tape.value(y);
    expect_close(Numbers(value.data, value.data + value.count()), batch(in_rows, "y"), "y");
    const Numbers d_y = batch(in_rows, "d_y");
    std::copy(d_y.begin(), d_y.end(), tape.gradient(y).data);
    tape.backward();
    compare_gradients();
  }
  void finish_loss(Var loss) {
    expect_close(Numbers{tape.value(loss).data[0]}, numbers(c_["loss"]), "loss");
    tape.backward(loss);
    compare_gradients();
  }

  Tape tape;

 private:
  struct Kept {
    std::string name;
    Numbers value, gradient, expected;
  };

  int columns(const std::string& name) const { return static_cast<int>(c_[name][0][0].size()); }
  Numbers batch(bool in_rows, const std::string& name) const {
    if (!in_rows) return numbers(c_[name]);
    return suites::to_rows(sequences(c_[name]), steps(), columns(name));
  }
  Var keep(const std::string& name, const Shape& shape, const Numbers& value,
           const Numbers& expected) {
    kept_.push_back({name, value, Numbers(value.size()), expected});
    return tape.variable({shape, kept_.back().value.data()}, {shape, kept_.back().gradient.data()});
  }
  void compare_gradients() const {
    for (const Kept& k : kept_) expect_close(k.gradient, k.expected, "d_" + k.name);
  }

  const Json& c_;
  tensor::StepTable table_;
  std::deque<Kept> kept_;
};

void check_linear(const Json& c) {
  Bench b(c);
  const Var x = b.matrix("x"), w = b.weight("weight");
  const Var bias = c.contains("bias") ? b.vector("bias") : Var{};
  b.finish(linear(b.tape, x, w, bias), false);
}

void check_embedding(const Json& c) {
  Bench b(c);
  const auto ids = c["ids"].get<std::vector<int>>();
  const Var table = b.matrix("weight");
  b.finish(embedding(b.tape, table, ids.data(), static_cast<int>(ids.size())), false);
}

void check_layer_norm(const Json& c) {
  ASSERT_EQ(c["eps"].get<double>(), 1e-5);
  Bench b(c);
  const Var x = b.matrix("x"), gain = b.vector("weight"), bias = b.vector("bias");
  b.finish(layer_norm(b.tape, x, gain, bias), false);
}

void check_cross_entropy(const Json& c) {
  Bench b(c);
  const auto target = c["targets"].get<std::vector<int>>();
  const bool weighted = !c["class_weight"].is_null();
  const Numbers weight = weighted ? numbers(c["class_weight"]) : Numbers{};
  tape::CrossEntropy options{target.data(), weighted ? weight.data() : nullptr,
                             static_cast<real>(c["label_smoothing"].get<double>()), 0};
  for (const int t : target) {
    options.total_weight +=
        weighted ? static_cast<double>(weight[static_cast<std::size_t>(t)]) : 1.0;
  }
  b.finish_loss(softmax_cross_entropy(b.tape, b.matrix("logits"), options));
}

void check_mean_squared_error(const Json& c) {
  Bench b(c);
  const Numbers target = numbers(c["target"]);
  b.finish_loss(mean_squared_error(b.tape, b.matrix("prediction"), target.data(),
                                   static_cast<double>(target.size())));
}

void check_self_attention(const Json& c) {
  Bench b(c);
  const Var x = b.ragged("x");
  const tape::SelfAttention a{b.weight("in_proj_weight"), b.vector("in_proj_bias"),
                              b.weight("out_proj_weight"), b.vector("out_proj_bias"),
                              b.number("heads")};
  b.finish(self_attention(b.tape, x, a, b.steps()), true);
}

void check_additive_attention(const Json& c) {
  Bench b(c);
  const Var x = b.ragged("x");
  const tape::AttentionPool p{b.weight("W"), b.vector("b"), b.vector("v")};
  b.finish(pool_attention(b.tape, x, p, b.steps()), false);
}

void check_pooling(const Json& c) {
  Bench b(c);
  const Var x = b.ragged("x");
  const auto name = c["name"].get<std::string>();
  if (name == "last") b.finish(pool_last(b.tape, x, 1000, b.steps()), false);
  if (name == "mean") b.finish(pool_mean(b.tape, x, b.steps()), false);
  if (name == "max") b.finish(pool_max(b.tape, x, b.steps()), false);
}

void check_ctc(const Json& c) {
  Bench b(c);
  const Var x = b.ragged("x");
  std::vector<int> symbol, begin = {0};
  Numbers expected;  // in the order of the rows
  for (int row = 0; row < b.steps().B; ++row) {
    const auto place = static_cast<std::size_t>(b.steps().position[row]);
    const auto target = c["targets"][place].get<std::vector<int>>();
    symbol.insert(symbol.end(), target.begin(), target.end());
    begin.push_back(static_cast<int>(symbol.size()));
    expected.push_back(static_cast<real>(c["surprise"][place].get<double>()));
  }
  std::vector<double> surprise(expected.size());
  tape::CtcLoss options;
  options.symbol = symbol.data();
  options.begin = begin.data();
  options.blank = b.number("blank");
  options.surprise = surprise.data();
  b.finish_loss(ctc_loss(b.tape, x, options, b.steps()));
  expect_close(Numbers(surprise.begin(), surprise.end()), expected, "surprise");
}

TEST(OperationsGolden, values_and_gradients_are_pytorchs) {
  const std::map<std::string, void (*)(const Json&)> checks = {
      {"linear", check_linear},
      {"embedding", check_embedding},
      {"layer_norm", check_layer_norm},
      {"cross_entropy", check_cross_entropy},
      {"mse_loss", check_mean_squared_error},
      {"multi_head_attention", check_self_attention},
      {"additive_attention_pooling", check_additive_attention},
      {"pooling", check_pooling},
      {"ctc_loss", check_ctc}};
  const Json file = read_file("operations.json");
  std::set<std::string> seen;
  for (const Json& c : file["cases"]) {
    const auto operation = c["operation"].get<std::string>();
    SCOPED_TRACE(operation + ", " + c["name"].get<std::string>());
    ASSERT_TRUE(checks.count(operation)) << "no check for it";
    checks.at(operation)(c);
    seen.insert(operation);
  }
  EXPECT_EQ(seen.size(), checks.size());
}

}  // namespace
}  // namespace refrain::golden
