// The loop of Hydra (Dempster, Schmidt and Webb 2023): eight convolutions of nine taps compete at
// each step. Single precision whatever `real` is. Nothing allocates or throws.
#pragma once

namespace refrain::kernels {

constexpr int kRivals = 8;
constexpr int kSlack = 16;  // readable values behind those that count

// The results of eight kernels at steps i < n, result[j] = sum over k < 9 of weight[9 j + k] x[i +
// k dilation]: largest[j] += the result wherever j's is the largest one, smallest[j] += 1 wherever
// it is the smallest; of equal ones the first. x holds n + 8 dilation values, and kSlack more of
// any finite kind.
void compete(const float* x, int dilation, int n, const float* weight, float* largest,
             float* smallest);

}  // namespace refrain::kernels
