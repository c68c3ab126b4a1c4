// New files against the training file by names: a suite over the formats that have names, then
// what is special about some.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "refrain/base/test_folder.h"
#include "refrain/data/reader_test_input.h"
#include "refrain/data/sound_file.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// A file as cells under names; what it becomes is decided by its name.
struct Cells {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> rows;

  std::size_t place(const std::string& name) const {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  }
  void drop(const std::string& name) {
    const auto at = static_cast<std::ptrdiff_t>(place(name));
    names.erase(names.begin() + at);
    for (auto& row : rows) row.erase(row.begin() + at);
  }
  void insert(std::size_t at, const std::string& name, const std::string& cell) {
    names.insert(names.begin() + static_cast<std::ptrdiff_t>(at), name);
    for (auto& row : rows) row.insert(row.begin() + static_cast<std::ptrdiff_t>(at), cell);
  }
  Cells ordered(const std::vector<std::size_t>& order) const {
    Cells out;
    for (const auto i : order) out.names.push_back(names[i]);
    for (const auto& row : rows) {
      auto& cells = out.rows.emplace_back();
      for (const auto i : order) cells.push_back(row[i]);
    }
    return out;
  }
};

struct Form {
  std::string name, file;
  Cells cells;
  std::vector<std::string> values;    // columns that cannot be missing
  std::vector<std::string> optional;  // columns named by options in training that may be missing
  std::size_t rows = 1;               // of a sample
};

std::string as_text(const Form& form, const Cells& cells) {
  const bool json = form.file.ends_with(".jsonl");
  const char* delimiter = form.file.ends_with(".tsv") ? "\t" : ",";
  std::string out;
  const auto add_row = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) out += (i > 0 ? delimiter : "") + row[i];
    out += "\n";
  };
  if (!json) add_row(cells.names);
  for (const auto& row : cells.rows) {
    if (!json) {
      add_row(row);
      continue;
    }
    out += "{";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool bare = row[i].starts_with('[') || row[i].empty();
      const std::string value = row[i].empty() ? "null" : bare ? row[i] : "\"" + row[i] + "\"";
      out += (i > 0 ? ", \"" : "\"") + cells.names[i] + "\": " + value;
    }
    out += "}\n";
  }
  return out;
}

std::string number(int i) { return std::to_string(0.25 * ((i * 37) % 23) - 2); }

Form table_form(const std::string& name, const std::string& file,
                const std::vector<std::string>& values) {
  Form form{name, file, {}, values, {"activity", "patient", "nr"}, 1};
  form.cells.names = {"nr"};
  form.cells.names.insert(form.cells.names.end(), values.begin(), values.end());
  form.cells.names.insert(form.cells.names.end(), {"activity", "patient"});
  for (int i = 0; i < 6; ++i) {
    std::vector<std::string> row = {"s" + std::to_string(i)};
    for (int k = 0; k < static_cast<int>(values.size()); ++k) row.push_back(number(17 * i + k));
    row.push_back(i % 2 == 0 ? "sit" : "walk");
    row.push_back("p" + std::to_string(i / 2));
    form.cells.rows.push_back(row);
  }
  return form;
}

Form long_form() {
  Form form{"long_csv", "a.csv", {}, {"x", "y", "z"}, {"activity", "patient"}, 3};
  form.cells.names = {"nr", "when", "x", "y", "z", "activity", "patient"};
  for (int i = 0; i < 18; ++i) {
    form.cells.rows.push_back({"s" + std::to_string(i / 3), std::to_string(i % 3), number(i),
                               number(i + 100), number(i + 200), i / 3 % 2 == 0 ? "sit" : "walk",
                               "p" + std::to_string(i / 6)});
  }
  return form;
}

Form text_form(const std::string& name, const std::string& file) {
  Form form = table_form(name, file, {"remark"});
  for (std::size_t i = 0; i < 6; ++i) {
    form.cells.rows[i][1] = "the pump leaks " + std::string(i, 'x') + " again";
  }
  return form;
}

Form json_form() {
  Form form = table_form("json_series", "a.jsonl", {"series"});
  for (int i = 0; i < 6; ++i) {
    form.cells.rows[static_cast<std::size_t>(i)][1] =
        "[[" + number(i) + ", 1], [" + number(i + 9) + ", 2], [3, 4]]";
  }
  return form;
}

Form manifest_form() {
  Form form = table_form("sound_manifest", "list.csv", {"path"});
  for (std::size_t i = 0; i < 6; ++i) form.cells.rows[i][1] = std::to_string(i) + ".wav";
  return form;
}

std::vector<Form> forms() {
  return {table_form("wide_csv", "a.csv", {"v0", "v1", "v2", "v3", "v4"}),
          table_form("wide_tsv", "a.tsv", {"first", "second", "third"}),
          table_form("wide_channels", "a.csv", {"ax_0", "ax_1", "ay_0", "ay_1", "az_0", "az_1"}),
          long_form(),
          json_form(),
          text_form("json_text", "a.jsonl"),
          text_form("text_csv", "a.csv"),
          text_form("text_tsv", "a.tsv"),
          manifest_form()};
}

class Names : public testing::TestWithParam<Form> {
 protected:
  void SetUp() override {
    for (int i = 0; i < 6; ++i) {
      const Sound sound{8000, std::vector<float>(static_cast<std::size_t>(40 + i), 0.25F)};
      folder_.write(std::to_string(i) + ".wav", wav_bytes(sound));
    }
    ReadSpec spec;
    spec.target = "activity";
    spec.group = "patient";
    spec.id = "nr";
    if (form().name == "long_csv") spec.time = "when";
    if (form().values[0] == "remark") spec.text_column = "remark";
    trained_ = read(form().cells, spec, nullptr);
    expected_ = expected_like(trained_);
    expected_.labelled = false;
  }

  const Form& form() const { return GetParam(); }
  Dataset read(const Cells& cells, const ReadSpec& spec, const Expected* expected) const {
    return read_bytes(as_text(form(), cells), folder_.path(form().file), spec, base::Log(),
                      expected);
  }
  Dataset read(const Cells& cells) const { return read(cells, {}, &expected_); }
  std::string error(const Cells& cells, const ReadSpec& spec = {}) const {
    try {
      read(cells, spec, &expected_);
    } catch (const Error& e) {
      return std::string(e.what()) + " | " + e.hint();
    }
    return "read";
  }
  void expect_same_values(const Dataset& d) const {
    ASSERT_EQ(d.samples.size(), trained_.samples.size());
    for (std::size_t i = 0; i < d.samples.size(); ++i) {
      EXPECT_TRUE(same(d.samples[i].streams.at(0), trained_.samples[i].streams.at(0))) << i;
    }
  }
  static bool same(const Value& a, const Value& b) {
    if (a.index() != b.index()) return false;
    if (const auto* text = std::get_if<std::string>(&a)) return *text == std::get<std::string>(b);
    if (const auto* sound = std::get_if<Sound>(&a)) return *sound == std::get<Sound>(b);
    const auto &x = std::get<Series>(a), &y = std::get<Series>(b);
    return x.steps == y.steps && x.channels == y.channels && x.values == y.values;
  }

  base::TestFolder folder_;
  Dataset trained_;
  Expected expected_;
};

TEST_P(Names, the_file_of_training_is_read_the_same_without_options_or_remarks) {
  const Dataset d = read(form().cells);
  expect_same_values(d);
  EXPECT_THAT(d.remarks, IsEmpty());
  for (std::size_t i = 0; i < d.samples.size(); ++i) {
    EXPECT_EQ(d.samples[i].id, trained_.samples[i].id);
    EXPECT_EQ(d.samples[i].label, trained_.samples[i].label);
    EXPECT_EQ(d.samples[i].group, trained_.samples[i].group);
  }
}

TEST_P(Names, another_order_of_columns_gives_the_same_values) {
  std::vector<std::size_t> order(form().cells.names.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = order.size() - 1 - i;
  for (int turn = 0; turn < 4; ++turn) {
    const Dataset d = read(form().cells.ordered(order));
    expect_same_values(d);
    EXPECT_THAT(d.remarks, IsEmpty());
    EXPECT_EQ(d.samples[1].label, "sit" == trained_.samples[1].label ? "sit" : "walk");
    std::rotate(order.begin(), order.begin() + 1, order.end());
    std::swap(order[0], order[order.size() / 2]);
  }
}

TEST_P(Names, a_column_that_was_not_there_is_left_out_and_said_once) {
  for (const char* cell : {"21.5", "north", ""}) {
    for (const std::size_t at : {std::size_t{0}, std::size_t{2}, form().cells.names.size()}) {
      Cells cells = form().cells;
      cells.insert(at, "site", cell);
      const Dataset d = read(cells);
      expect_same_values(d);
      ASSERT_THAT(d.remarks, SizeIs(1)) << cell << " at " << at;
      EXPECT_THAT(d.remarks[0], HasSubstr("'site' was not there in training: left out"));
    }
  }
}

TEST_P(Names, several_new_columns_are_one_remark) {
  Cells cells = form().cells;
  cells.insert(0, "temp", "1.5");
  cells.insert(3, "site", "north");
  const Dataset d = read(cells);
  expect_same_values(d);
  ASSERT_THAT(d.remarks, SizeIs(1));
  EXPECT_THAT(d.remarks[0], HasSubstr("temp"));
  EXPECT_THAT(d.remarks[0], HasSubstr("site"));
  EXPECT_THAT(d.remarks[0], HasSubstr(" were not there in training: left out"));
}

TEST_P(Names, label_group_and_id_that_are_not_there_are_not_there) {
  Cells none = form().cells;
  for (const auto& name : form().optional) {
    Cells cells = form().cells;
    cells.drop(name);
    none.drop(name);
    const Dataset d = read(cells);
    expect_same_values(d);
    EXPECT_THAT(d.remarks, IsEmpty()) << name;
  }
  const Dataset d = read(none);
  expect_same_values(d);
  EXPECT_FALSE(d.has_labels);
  EXPECT_THAT(d.remarks, IsEmpty());
}

TEST_P(Names, a_missing_column_of_values_is_an_error_that_names_it) {
  for (const auto& name : form().values) {
    Cells cells = form().cells;
    cells.drop(name);
    EXPECT_THAT(error(cells), HasSubstr(name)) << name;
    cells.insert(1, "other", "0.5");
    EXPECT_THAT(error(cells), HasSubstr(name)) << name;
  }
}

TEST_P(Names, an_option_that_names_no_column_is_an_error) {
  ReadSpec spec;
  spec.target = "nowhere";
  EXPECT_THAT(error(form().cells, spec), HasSubstr("nowhere"));
}

TEST_P(Names, labels_may_be_filled_in_partly_where_none_are_needed) {
  Cells cells = form().cells;
  for (std::size_t r = 0; r < form().rows; ++r) cells.rows[r][cells.place("activity")] = "";
  const Dataset d = read(cells);
  expect_same_values(d);
  EXPECT_EQ(d.samples[0].label, "");
  EXPECT_EQ(d.samples[1].label, "walk");
  Expected needed = expected_;
  needed.labelled = true;
  EXPECT_THROW(read(cells, {}, &needed), Error);
}

TEST_P(Names, a_test_file_must_have_the_label_of_training) {
  Expected needed = expected_;
  needed.labelled = true;
  EXPECT_EQ(read(form().cells, {}, &needed).samples[1].label, "walk");
  Cells cells = form().cells;
  cells.drop("activity");
  try {
    read(cells, {}, &needed);
    FAIL() << "read";
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("'activity'"));
  }
}

TEST_P(Names, capital_letters_in_names_do_not_matter) {
  Cells cells = form().cells;
  if (form().file.ends_with(".jsonl")) return;  // keys are exact
  for (auto& name : cells.names) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  }
  const Dataset d = read(cells);
  expect_same_values(d);
  EXPECT_EQ(d.samples[1].label, "walk");
  EXPECT_EQ(d.streams[0].channel_names, trained_.streams[0].channel_names);
  EXPECT_THAT(d.remarks, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Formats, Names, testing::ValuesIn(forms()),
                         [](const auto& form) { return form.param.name; });

Dataset trained_on(const std::string& content, const std::string& path = "train.csv") {
  return dataset_of(content, path);
}

Dataset next_of(const Dataset& trained, const std::string& content,
                const std::string& path = "new.csv") {
  Expected expected = expected_like(trained);
  expected.labelled = false;
  return read_bytes(content, path, {}, base::Log(), &expected);
}

std::string next_error(const Dataset& trained, const std::string& content) {
  try {
    next_of(trained, content);
  } catch (const Error& e) {
    return e.what();
  }
  return "read";
}

const char* kWide = "v0,v1,v2,label\n1,2,3,a\n4,5,6,b\n";

TEST(Matching, numbers_that_go_on_are_a_longer_series_and_said) {
  const Dataset d = next_of(trained_on(kWide), "v4,v3,v2,v1,v0\n5,4,3,2,1\n");
  EXPECT_THAT(series_of(d, 0).values, ElementsAre(1, 2, 3, 4, 5));
  ASSERT_THAT(d.remarks, SizeIs(1));
  EXPECT_THAT(d.remarks[0], HasSubstr("columns v3, v4 continue the series"));
}

TEST(Matching, numbers_that_leave_a_step_out_do_not_go_on) {
  const Dataset d = next_of(trained_on(kWide), "v0,v1,v2,v9\n1,2,3,4\n");
  EXPECT_THAT(series_of(d, 0).values, ElementsAre(1, 2, 3));
  ASSERT_THAT(d.remarks, SizeIs(1));
  EXPECT_THAT(d.remarks[0], HasSubstr("'v9' was not there in training: left out"));
}

TEST(Matching, all_channels_go_on_or_none) {
  const Dataset trained = trained_on("a_0,a_1,b_0,b_1,label\n1,2,10,20,u\n3,4,30,40,v\n");
  const Dataset longer = next_of(trained, "a_0,a_1,a_2,b_0,b_1,b_2\n1,2,3,10,20,30\n");
  EXPECT_THAT(series_of(longer, 0).values, ElementsAre(1, 10, 2, 20, 3, 30));
  const Dataset half = next_of(trained, "a_0,a_1,a_2,b_0,b_1\n1,2,3,10,20\n");
  EXPECT_THAT(series_of(half, 0).values, ElementsAre(1, 10, 2, 20));
}

TEST(Matching, what_lacks_and_what_is_new_is_named) {
  const std::string message = next_error(trained_on(kWide), "v0,w1,w2\n1,2,3\n");
  EXPECT_THAT(message,
              HasSubstr("new.csv:1: 2 columns of the training data are not there: v1, v2"));
  EXPECT_THAT(message, HasSubstr("new are w1, w2"));
}

TEST(Matching, a_series_of_no_value_keeps_its_place_and_is_said) {
  const Dataset d = next_of(trained_on(kWide), "v0,v1,v2\n1,2,\n,,\n");
  EXPECT_EQ(series_of(d, 0).steps, 2);
  ASSERT_EQ(series_of(d, 1).steps, 3);
  EXPECT_TRUE(std::isnan(series_of(d, 1).values[0]));
  ASSERT_THAT(d.remarks, SizeIs(1));
  EXPECT_THAT(d.remarks[0], HasSubstr("1 of 2 samples holds no value (line 3)"));
}

TEST(Matching, values_alone_are_not_eaten_as_labels) {
  const Dataset trained = trained_on(kWide);
  const Dataset d = next_of(trained, "0.5,1.5,2.5\n3.5,4.5,5.5\n");
  EXPECT_THAT(series_of(d, 0).values, ElementsAre(0.5, 1.5, 2.5));
  EXPECT_FALSE(d.has_labels);
  ASSERT_THAT(d.remarks, SizeIs(1));
  EXPECT_THAT(d.remarks[0], HasSubstr("values alone"));
}

TEST(Matching, values_alone_that_begin_like_a_label_are_told_by_their_number) {
  const Dataset trained = trained_on("1\t5\t6\t7\n2\t7\t8\t9\n1\t5\t5\t5\n", "a_TRAIN.tsv");
  EXPECT_THAT(series_of(next_of(trained, "1\t5\t6\n4\t5\t6\n", "x.tsv"), 0).values,
              ElementsAre(1, 5, 6));
  const Dataset labelled = next_of(trained, "1\t5\t6\t4\n2\t5\t6\t5\n", "x.tsv");
  EXPECT_THAT(series_of(labelled, 0).values, ElementsAre(5, 6, 4));
  EXPECT_EQ(labelled.samples[1].label, "2");
}

TEST(Matching, a_model_of_texts_takes_plain_lines) {
  const Dataset trained = trained_on("text\tlabel\ngood coat\tpos\nbad coat\tneg\n", "t.tsv");
  const Dataset d = next_of(trained, "lovely, warm coat\nit fell apart\n\nlovely zip\n", "n.txt");
  EXPECT_EQ(d.format, "text-lines");
  ASSERT_THAT(d.samples, SizeIs(3));
  EXPECT_EQ(std::get<std::string>(d.samples[0].streams[0]), "lovely, warm coat");
  EXPECT_EQ(d.samples[2].line, 4);
  EXPECT_FALSE(d.has_labels);
  EXPECT_THAT(d.remarks, ElementsAre(HasSubstr("a text without a label")));
}

TEST(Matching, lines_that_begin_with_labels_of_training_keep_them) {
  const Dataset trained = trained_on("text\tlabel\ngood coat\tpos\nbad coat\tneg\n", "t.tsv");
  const Dataset d = next_of(trained, "pos lovely coat\nneg it fell\npos warm\nneg cold\n", "n.txt");
  EXPECT_EQ(d.format, "label-text");
  EXPECT_EQ(d.samples[1].label, "neg");
}

TEST(Matching, lines_of_something_else_are_no_texts) {
  const Dataset trained = trained_on("text\tlabel\ngood coat\tpos\nbad coat\tneg\n", "t.tsv");
  EXPECT_THROW(next_of(trained, "when,what\n1,good\n2,bad\n", "n.txt"), Error);
  EXPECT_THROW(next_of(trained, "<p>good</p>\n<p>bad</p>\n", "n.txt"), Error);
  const Dataset numbers = trained_on(kWide);
  EXPECT_THROW(next_of(numbers, "lovely coat\nit fell\n", "n.txt"), Error);
}

TEST(Matching, a_placeholder_in_place_of_the_label_is_no_value) {
  const Dataset trained = trained_on("1\t5\t6\t7\n2\t7\t8\t9\n", "a_TRAIN.tsv");
  for (const char* word : {"0", "-1", "?", "unknown"}) {
    const std::string cell = word;
    const Dataset d = next_of(trained, cell + "\t5\t6\t7\n" + cell + "\t7\t8\t9\n", "x.tsv");
    EXPECT_THAT(series_of(d, 0).values, ElementsAre(5, 6, 7)) << cell;
  }
}

TEST(Matching, a_header_of_numbers_is_known_by_training) {
  ReadSpec spec;
  spec.target = "label";
  const Dataset trained = trained_on("label,0,1,2,3\na,1,2,3,4\nb,4,5,6,7\n");
  const Dataset d = next_of(trained, "3,2,1,0\n4,3,2,1\n");
  ASSERT_THAT(d.samples, SizeIs(1));
  EXPECT_THAT(series_of(d, 0).values, ElementsAre(1, 2, 3, 4));
}

TEST(Matching, channels_are_put_in_order_between_formats) {
  const Dataset trained =
      trained_on("id,time,x,y,z,label\ns,0,1,2,3,a\ns,1,4,5,6,a\nt,0,1,2,3,b\nt,1,4,5,6,b\n");
  const Dataset d = next_of(trained, "z_0,z_1,x_0,x_1,y_0,y_1\n3,6,1,4,2,5\n");
  EXPECT_THAT(series_of(d, 0).values, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(next_error(trained, "u_0,u_1,x_0,x_1,y_0,y_1\n3,6,1,4,2,5\n"),
              HasSubstr("a channel of the training data is not there: z; new is u"));
}

TEST(Matching, another_form_of_table_is_read_as_what_it_is) {
  const Dataset wide = trained_on(kWide);
  const Dataset d = next_of(wide, "id,time,value,label\ns,0,1,a\ns,1,2,a\nt,0,3,b\nt,1,4,b\n");
  EXPECT_EQ(d.format, "long-csv");
  EXPECT_THAT(series_of(d, 1).values, ElementsAre(3, 4));
}

TEST(Matching, names_of_one_file_do_not_bind_a_format_without_names) {
  const Dataset trained = trained_on(kWide);
  EXPECT_THAT(series_of(next_of(trained, "{\"series\": [1, 2, 3]}\n", "x.jsonl"), 0).values,
              ElementsAre(1, 2, 3));
}

// x, y, z

const char* kAxes =
    "id,time,x,y,z\ns0,0,0.1,-0.1,0.5\ns0,1,0.2,-0.2,0.4\ns1,0,0.3,0.1,0.6\ns1,1,0.1,0.2,0.3\n";

TEST(Axes, x_y_and_z_are_channels) {
  const Dataset d = trained_on(kAxes);
  EXPECT_FALSE(d.has_labels);
  EXPECT_THAT(d.streams[0].channel_names, ElementsAre("x", "y", "z"));
}

TEST(Axes, two_axes_are_channels_where_y_changes_within_an_id) {
  const Dataset d = trained_on("id,time,x,y\ns,0,1,2\ns,1,3,4\nt,0,5,6\nt,1,7,8\n");
  EXPECT_THAT(d.streams[0].channel_names, ElementsAre("x", "y"));
  EXPECT_FALSE(d.has_labels);
}

TEST(Axes, y_is_a_label_where_it_does_not_change_or_is_no_axis) {
  const Dataset one = trained_on("id,time,x,y\ns,0,1,2\ns,1,3,2\nt,0,5,1\nt,1,7,1\n");
  EXPECT_EQ(one.samples[0].label, "2");
  const Dataset wide = trained_on("x,x2,y\n1,2,a\n3,4,b\n");
  EXPECT_EQ(wide.samples[0].label, "a");
}

TEST(Axes, a_row_a_sample_has_axes_too) {
  const Dataset d = trained_on("x,y,z,label\n0.1,0.2,0.3,a\n0.4,0.5,0.6,b\n");
  EXPECT_THAT(series_of(d, 0).values, ElementsAre(0.1F, 0.2F, 0.3F));
  const Dataset two = trained_on("x,y\n0.1,0.2\n0.4,0.5\n");
  EXPECT_THAT(series_of(two, 0).values, ElementsAre(0.1F, 0.2F));
}

}  // namespace
}  // namespace refrain::data
