// Tables of a report about replies: how the main metric depends on the length of the reference, and
// which words are mistaken for which. Of repeats they show the means.
#pragma once

#include "refrain/base/table.h"
#include "refrain/score/draws.h"
#include "refrain/score/replies.h"

namespace refrain::score {

// The main metric of each quarter of the samples, by the words of the reference (its characters
// where it has no blanks between words); samples of one length stand in one row, so there may be
// fewer. Throws as Answers::check(), Stopped where `stop` is set.
Table table_of_lengths(const Repeats& repeats, int seed, Stop stop = nullptr);

// The substitutions, deletions and insertions of words that occur most often, at most `most`, with
// their counts, weights included.
Table table_of_confusions(const Repeats& repeats, std::size_t most = 20);

// Those of the tables that tell something: lengths where there are at least two rows, and
// confusions of transcripts that are not all right.
std::vector<Table> reply_tables(const Repeats& repeats, int seed, Stop stop = nullptr);

}  // namespace refrain::score
