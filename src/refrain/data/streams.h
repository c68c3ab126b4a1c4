// The channels of a series divided into named streams: "accelerometer=ax,ay,az; gyroscope=w*". Done
// once, after any reader; files that follow a training are divided as the training file was.
#pragma once

#include <string>
#include <vector>

#include "refrain/data/sample.h"

namespace refrain::data {

// Divides the one series of each sample by `text`: streams with semicolons between them, each a
// name and channels. A channel is its name (without regard to case where that tells it), its number
// counted from 1, a range of numbers such as 1-3, or a pattern with * and ?. Channels that are
// named in none are left out, which is remarked on. Throws usage for what cannot be read, unknown
// channels, a channel in two streams and samples that are no series.
void divide(const std::string& text, Dataset& dataset);

// True if these streams are parts of a series.
bool divided(const std::vector<StreamInfo>& streams);

// Divides one series as `trained` was: by the names of the channels where both sides have them,
// else by their numbers. Throws data where channels are lacking. Leaves a dataset alone that has
// several streams already.
void divide_like(const std::vector<StreamInfo>& trained, Dataset& dataset);

// The places of channels by their names, counted from 0, in a dataset of one series. Throws data
// where some are not there.
std::vector<int> channel_places(const std::vector<std::string>& names, const Dataset& dataset);

// Returns the offsets [channels] to subtract from a new file (Dataset::offset, before it is
// divided), if training subtracted `offset` from the channels of its streams. Empty if there are
// none.
std::vector<double> offset_like(const std::vector<StreamInfo>& trained,
                                const std::vector<double>& offset, const StreamInfo& now);

// The channels of all series: the size that an offset has.
int channels_of(const std::vector<StreamInfo>& streams);

bool are_all(const std::vector<StreamInfo>& streams, StreamKind kind);
bool has_any(const std::vector<StreamInfo>& streams, StreamKind kind);
// Series and texts in one sample.
bool is_mixed(const std::vector<StreamInfo>& streams);
// Null where the sample has none.
const Series* first_series(const Sample& sample);

// Letters, digits and _, beginning with a letter: what a stream can be called.
bool is_stream_name(const std::string& name);

}  // namespace refrain::data
