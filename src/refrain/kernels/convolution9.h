// The loops of MiniRocket (Dempster, Schmidt and Webb 2021): convolutions with kernels of nine
// taps, three of weight 2 and six of weight -1, and how often the result exceeds a threshold. As
// all taps share the weight -1, a convolution is base[i] + 3 (x[i + a] + x[i + b] + x[i + c]),
// where base is minus the sum of all nine taps. Single precision whatever `real` is. Nothing
// allocates or throws.
#pragma once

namespace refrain::kernels {

// base[i] = -(sum over k < 9 of x[i + k dilation]) for i < n; x holds n + 8 dilation values.
void nine_tap_base(const float* x, int dilation, int n, float* base);

// Where the three heavy taps lie, as distances from the first tap.
struct HeavyTaps {
  int a, b, c;
};
// y[i] = base[i] + 3 (x[i + a] + x[i + b] + x[i + c]) (+ y[i] where accumulate) for i < n.
void nine_tap(const float* x, const float* base, HeavyTaps taps, int n, bool accumulate, float* y);

// above[k] = how many of the n values exceed threshold[k], for k < count.
void count_above(const float* x, int n, const float* threshold, int count, int* above);

}  // namespace refrain::kernels
