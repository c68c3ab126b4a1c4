#include "refrain/data/word_vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <unordered_set>

#include "refrain/base/byte_stream.h"
#include "refrain/base/error.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

constexpr int kMostNumbers = 100000;

[[noreturn]] void refuse_vectors(const std::string& path, const std::string& what) {
  throw Error(Code::kData, path + ": " + what,
              "give word vectors as text (word and numbers a line), word2vec's binary form, or a "
              ".npy beside a .txt of its words");
}

// The form of a vector file, found from its beginning.
struct VectorForm {
  bool counted = false;  // a first line of two counts
  bool binary = false;
  std::int64_t count = 0;
  int size = 0;
};

bool parse_counts(std::string_view line, VectorForm& form) {
  const std::string_view count = take_word(line), size = take_word(line);
  const auto whole = [](std::string_view text, auto& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size() && !text.empty();
  };
  return take_word(line).empty() && whole(count, form.count) && whole(size, form.size) &&
         form.size >= 1 && form.size <= kMostNumbers && form.count >= 1;
}

int count_words(std::string_view line) {
  int count = 0;
  while (!take_word(line).empty()) ++count;
  return count;
}

// Text has nothing but spaces and digits behind the first word.
bool looks_binary(std::string_view line) {
  take_until(line, ' ');
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 127 || (byte < 32 && c != '\t')) return true;
  }
  return line.empty();
}

VectorForm form_of(const std::string& path) {
  base::ByteStream in(path);
  VectorForm form;
  std::string line;
  if (!in.line(line)) refuse_vectors(path, "the file is empty");
  form.counted = parse_counts(line, form);
  if (!form.counted) {
    form.size = count_words(line) - 1;
    if (form.size < 1 || form.size > kMostNumbers) {
      refuse_vectors(path, "line 1 is no word with numbers behind it");
    }
    return form;
  }
  std::string next(static_cast<std::size_t>(form.size) * 4 + 300, '\0');
  next.resize(in.read(next.data(), next.size()));
  const auto end = next.find('\n');
  form.binary = looks_binary(std::string_view(next).substr(0, end));
  return form;
}

class VectorTaker {
 public:
  VectorTaker(const std::function<bool(const std::string&)>& wanted, WordVectors& out)
      : wanted_(wanted), out_(out) {}

  // The word that a row of this name is kept as; "" where it is not wanted.
  std::string name_of(const std::string& word) {
    if (wanted_(word)) return word;
    const std::string small = lower(word);
    return small != word && wanted_(small) && !out_.of.contains(small) ? small : "";
  }
  void take(const std::string& name, bool exact, std::vector<float> row) {
    if (!exact && out_.of.contains(name)) return;
    if (exact && !exact_.insert(name).second) return;  // the first of two counts
    out_.of[name] = std::move(row);
  }

 private:
  const std::function<bool(const std::string&)>& wanted_;
  WordVectors& out_;
  std::unordered_set<std::string> exact_;
};

std::vector<float> numbers_of_row(std::string_view rest, const std::string& path,
                                  std::int64_t line) {
  std::vector<float> row;
  for (auto word = take_word(rest); !word.empty(); word = take_word(rest)) {
    float value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value)) {
      refuse_vectors(path, fmt::format("line {}: '{}' is no number", line, word.substr(0, 40)));
    }
    row.push_back(value);
  }
  return row;
}

void read_text_vectors(const std::string& path, const VectorForm& form, VectorTaker& taker,
                       WordVectors& out) {
  base::ByteStream in(path);
  std::string line;
  std::int64_t number = 0;
  if (form.counted) in.line(line), ++number;
  while (in.line(line)) {
    ++number;
    std::string_view rest = line;
    if (trim(rest).empty()) continue;
    const std::string word(take_until(rest, ' '));
    const std::string name = taker.name_of(word);
    ++out.in_file;
    if (name.empty() && number > 1000) continue;  // a few are looked at for their size alone
    auto row = numbers_of_row(rest, path, number);
    if (static_cast<int>(row.size()) != out.size) {
      refuse_vectors(path, fmt::format("line {} has {} numbers, the lines before it have {}",
                                       number, row.size(), out.size));
    }
    if (!name.empty()) taker.take(name, name == word, std::move(row));
  }
}

void read_binary_vectors(const std::string& path, const VectorForm& form, VectorTaker& taker,
                         WordVectors& out) {
  base::ByteStream in(path);
  std::string line;
  in.line(line);
  std::vector<float> row(static_cast<std::size_t>(out.size));
  for (std::int64_t i = 0; i < form.count; ++i) {
    std::string word;
    char c = 0;
    while (in.read(&c, 1) == 1 && c != ' ') {
      if (c != '\n') word += c;
      if (word.size() > 4096) refuse_vectors(path, "a word has more than 4096 bytes");
    }
    const std::size_t bytes = row.size() * sizeof(float);
    if (in.read(reinterpret_cast<char*>(row.data()), bytes) != bytes) {
      refuse_vectors(path, fmt::format("it ends in vector {} of {}", i + 1, form.count));
    }
    ++out.in_file;
    const std::string name = taker.name_of(word);
    if (!name.empty()) taker.take(name, name == word, row);
  }
}

// ---------------------------------------------------------------- .npy and a list of words

struct NpyForm {
  std::int64_t rows = 0;
  int columns = 0;
  bool doubles = false;
};

NpyForm npy_form(base::ByteStream& in, const std::string& path) {
  std::string head(10, '\0');
  if (in.read(head.data(), 10) != 10 || head.substr(0, 6) != "\x93NUMPY" || head[6] != 1) {
    refuse_vectors(path, "is no .npy of version 1");
  }
  std::string text(static_cast<unsigned char>(head[8]) + 256U * static_cast<unsigned char>(head[9]),
                   '\0');
  if (in.read(text.data(), text.size()) != text.size()) refuse_vectors(path, "ends in its head");
  NpyForm form;
  form.doubles = text.find("'<f8'") != std::string::npos;
  const bool plain = text.find("'fortran_order': False") != std::string::npos;
  const auto open = text.find('('), comma = text.find(',', open), close = text.find(')', open);
  if ((!form.doubles && text.find("'<f4'") == std::string::npos) || !plain ||
      close == std::string::npos || comma > close) {
    refuse_vectors(path, "is no matrix of float32 or float64 in C order");
  }
  std::from_chars(text.data() + open + 1, text.data() + comma, form.rows);
  const auto digit = text.find_first_not_of(' ', comma + 1);
  std::from_chars(text.data() + digit, text.data() + close, form.columns);
  if (form.rows < 1 || form.columns < 1 || form.columns > kMostNumbers) {
    refuse_vectors(path, "is no matrix with a vector a row");
  }
  return form;
}

void read_npy_vectors(const std::string& path, VectorTaker& taker, WordVectors& out) {
  base::ByteStream in(path);
  const NpyForm form = npy_form(in, path);
  const std::string list = std::filesystem::path(path).replace_extension(".txt").string();
  base::ByteStream words(list);
  std::string word;
  const auto columns = static_cast<std::size_t>(form.columns);
  std::vector<double> wide(form.doubles ? columns : 0);
  std::vector<float> row(columns);
  while (words.line(word)) {
    const std::size_t bytes = columns * (form.doubles ? sizeof(double) : sizeof(float));
    char* to =
        form.doubles ? reinterpret_cast<char*>(wide.data()) : reinterpret_cast<char*>(row.data());
    if (in.read(to, bytes) != bytes) {
      refuse_vectors(path, fmt::format("has {} rows, and {} has more words", out.in_file, list));
    }
    if (form.doubles)
      std::transform(wide.begin(), wide.end(), row.begin(),
                     [](double x) { return static_cast<float>(x); });
    ++out.in_file;
    const std::string name = taker.name_of(word);
    if (!name.empty()) taker.take(name, name == word, row);
  }
  if (out.in_file != form.rows) {
    refuse_vectors(path,
                   fmt::format("has {} rows, and {} has {} words", form.rows, list, out.in_file));
  }
}

bool is_npy(const std::string& path) { return path.ends_with(".npy"); }

// ---------------------------------------------------------------- recognition

// Bytes of the file; 0 where it is packed, so that they say nothing.
std::uintmax_t plain_size(const std::string& path) {
  std::error_code none;
  const auto size = std::filesystem::file_size(path, none);
  return none || path.ends_with(".gz") ? 0 : size;
}

void require_size(const std::string& path, std::uintmax_t least) {
  const std::uintmax_t size = plain_size(path);
  if (size > 0 && size < least) refuse_vectors(path, "it is cut off");
}

std::optional<VectorsOutline> outline_of_npy(const std::string& path) {
  std::error_code none;
  const auto words = std::filesystem::path(path).replace_extension(".txt");
  if (!std::filesystem::is_regular_file(words, none)) return std::nullopt;
  NpyForm form;
  try {
    base::ByteStream in(path);
    form = npy_form(in, path);
  } catch (const Error&) {
    return std::nullopt;  // an array of another kind
  }
  const auto row = static_cast<std::uintmax_t>(form.columns) * (form.doubles ? 8 : 4);
  if (static_cast<std::uintmax_t>(form.rows) > std::numeric_limits<std::uintmax_t>::max() / row) {
    return std::nullopt;
  }
  require_size(path, static_cast<std::uintmax_t>(form.rows) * row);
  return VectorsOutline{form.columns, form.rows};
}

// How many numbers stand behind the first word of a line; -1 where something else does.
int numbers_behind(std::string_view line) {
  int count = 0;
  for (auto word = take_word(line); !word.empty(); word = take_word(line)) {
    float value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size()) return -1;
    ++count;
  }
  return count;
}

// The first complete lines.
std::vector<std::string_view> lines_at_the_start(std::string_view bytes) {
  constexpr std::size_t kEnough = 50;
  std::vector<std::string_view> lines;
  for (auto end = bytes.find('\n'); end != std::string_view::npos && lines.size() < kEnough;
       end = bytes.find('\n')) {
    lines.push_back(trim(bytes.substr(0, end)));
    bytes.remove_prefix(end + 1);
  }
  return lines;
}

// Rows of `size` numbers behind words of which no two are the same, and not all are numbers.
bool are_rows(const std::vector<std::string_view>& lines, std::size_t from, int size) {
  std::unordered_set<std::string> words;
  bool text = false;
  for (std::size_t i = from; i < lines.size(); ++i) {
    std::string_view rest = lines[i];
    const std::string word(take_until(rest, ' '));
    if (numbers_behind(rest) != size || !words.insert(word).second) return false;
    text = text || numbers_behind(word) != 1;
  }
  return text;
}

}  // namespace

std::optional<VectorsOutline> outline_of_vectors(const std::string& path) {
  constexpr std::size_t kLooked = std::size_t{1} << 16;
  if (is_npy(path)) return outline_of_npy(path);
  std::string bytes(kLooked, '\0');
  bytes.resize(base::ByteStream(path).read(bytes.data(), kLooked));
  if (bytes.size() < kLooked && !bytes.empty() && bytes.back() != '\n') bytes += '\n';
  const auto lines = lines_at_the_start(bytes);
  if (lines.empty()) return std::nullopt;
  VectorForm form;
  if (!parse_counts(lines[0], form)) {
    std::string_view rest = lines[0];
    take_until(rest, ' ');
    const int size = numbers_behind(rest);
    const bool rows = size >= 3 && lines.size() > 1 && are_rows(lines, 0, size);
    if (!rows || lines[0].starts_with("__label__")) return std::nullopt;
    return VectorsOutline{size, 0};
  }
  const std::string_view behind = std::string_view(bytes).substr(bytes.find('\n') + 1);
  const auto end = std::min(behind.size(), static_cast<std::size_t>(form.size) * 4 + 300);
  if (!looks_binary(behind.substr(0, std::min(end, behind.find('\n'))))) {
    if (!are_rows(lines, 1, form.size)) return std::nullopt;
  } else {
    const auto row = static_cast<std::uintmax_t>(form.size) * 4 + 2;
    if (behind.find(' ') > 300 || form.count > std::int64_t{1} << 40) return std::nullopt;
    require_size(path, lines[0].size() + 1 + static_cast<std::uintmax_t>(form.count) * row);
  }
  return VectorsOutline{form.size, form.count};
}

int word_vector_size(const std::string& path) {
  if (!is_npy(path)) return form_of(path).size;
  base::ByteStream in(path);
  return npy_form(in, path).columns;
}

WordVectors read_word_vectors(const std::string& path,
                              const std::function<bool(const std::string&)>& wanted) {
  WordVectors out;
  out.size = word_vector_size(path);
  VectorTaker taker(wanted, out);
  if (is_npy(path)) {
    read_npy_vectors(path, taker, out);
    return out;
  }
  const VectorForm form = form_of(path);
  form.binary ? read_binary_vectors(path, form, taker, out)
              : read_text_vectors(path, form, taker, out);
  return out;
}

}  // namespace refrain::data
