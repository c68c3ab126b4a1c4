// Word vectors that others trained: text with a vector a line (GloVe; word2vec and fastText's .vec,
// which begin with a line of two counts), each also as .gz; word2vec's binary form; a matrix .npy
// beside a list of its words (vectors.npy and vectors.txt). The file is streamed and only wanted
// rows are kept. Byte order is the machine's, little-endian.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace refrain::data {

struct WordVectors {
  int size = 0;                                            // numbers of a vector
  std::int64_t in_file = 0;                                // vectors of the file
  std::unordered_map<std::string, std::vector<float>> of;  // by the word as it was wanted
};

// Numbers of a vector, from the beginning of the file. Throws io or data.
int word_vector_size(const std::string& path);

// The number and size of a file's vectors, found from its beginning.
struct VectorsOutline {
  int size = 0;            // numbers of a vector
  std::int64_t count = 0;  // vectors; 0 = not known
};

// Looks at the first 64 kB; nothing where they are of something else. Stricter than reading, so
// that a table of numbers is not taken for vectors: without a line of counts the first lines have
// different words and at least three numbers. Throws io, and data where the file is cut off.
std::optional<VectorsOutline> outline_of_vectors(const std::string& path);

// The vectors of words for which `wanted` holds. A word of the file also stands for its form in
// lower case where that is wanted and has no vector of its own. Throws data, naming the line, for
// vectors of two sizes, what is no number, and a file that ends in the middle.
WordVectors read_word_vectors(const std::string& path,
                              const std::function<bool(const std::string&)>& wanted);

}  // namespace refrain::data
