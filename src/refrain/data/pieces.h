// Reading a file a piece at a time, so that one of any size needs the memory of a piece. Formats of
// one sample a line are read so; small files and other formats come as one piece.
#pragma once

#include <functional>

#include "refrain/data/reader.h"

namespace refrain::data {

constexpr std::size_t kPieceBytes = std::size_t{8} << 20;
constexpr std::size_t kWholeBytes = std::size_t{32} << 20;  // of a file that is read as a whole

// Calls `take` with the pieces in their order; each but the only one is a Dataset without the
// reader's remarks. `small`: files of fewer bytes come as one piece. Throws as read().
void read_in_pieces(const std::string& path, const ReadSpec& spec, const base::Log& log,
                    const std::function<void(Dataset)>& take, std::size_t small = kWholeBytes);

}  // namespace refrain::data
