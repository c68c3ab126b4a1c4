// The makers of all baselines, each defined in the file of its name; for baseline_list.cc and
// tests.
#pragma once

#include "refrain/task/baselines/baseline.h"

namespace refrain::task {

std::unique_ptr<Baseline> make_majority();
std::unique_ptr<Baseline> make_tfidf_logistic();
std::unique_ptr<Baseline> make_pieces_logistic();
std::unique_ptr<Baseline> make_bayes_logistic();
std::unique_ptr<Baseline> make_summary_logistic();
std::unique_ptr<Baseline> make_mean_logistic();
std::unique_ptr<Baseline> make_nn_euclidean();
std::unique_ptr<Baseline> make_nn_dtw();
// With a fixed window, in percent of the length; 100 = no limit.
std::unique_ptr<Baseline> make_nn_dtw(int percent);
std::unique_ptr<Baseline> make_hydra();
std::unique_ptr<Baseline> make_minirocket();

std::unique_ptr<Baseline> make_mean();
std::unique_ptr<Baseline> make_mean_ridge();
std::unique_ptr<Baseline> make_neighbour_mean_dtw();
std::unique_ptr<Baseline> make_rocket_ridge();
std::unique_ptr<Baseline> make_shape_ridge();
std::unique_ptr<Baseline> make_summary_ridge();
std::unique_ptr<Baseline> make_tfidf_ridge();

}  // namespace refrain::task
