// Time and pitch apart: pieces of the sound are overlapped where they look alike (Verhelst and
// Roelands 1993, as SoundTouch does it).
#pragma once

#include "refrain/data/sample.h"

namespace refrain::augment {

// round(factor * n) samples of the same pitch.
void stretch(double factor, data::Sound& sound);

// Raises the pitch by this many semitones and keeps the number of samples.
void raise(double semitones, data::Sound& sound);

}  // namespace refrain::augment
