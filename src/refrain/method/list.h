// The makers of all simple methods, each defined in the file of its name; for method_list.cc and
// tests.
#pragma once

#include "refrain/method/method.h"

namespace refrain::method {

std::unique_ptr<Method> make_majority();
std::unique_ptr<Method> make_tfidf_logistic();
std::unique_ptr<Method> make_pieces_logistic();
std::unique_ptr<Method> make_bayes_logistic();
std::unique_ptr<Method> make_mean_logistic();
std::unique_ptr<Method> make_summary_logistic();
std::unique_ptr<Method> make_nn_euclidean();
std::unique_ptr<Method> make_nn_dtw();
// With a fixed window, in percent of the length; 100 = no limit.
std::unique_ptr<Method> make_nn_dtw(int percent);
std::unique_ptr<Method> make_hydra();
std::unique_ptr<Method> make_minirocket();

std::unique_ptr<Method> make_mean();
std::unique_ptr<Method> make_interval_forest();
std::unique_ptr<Method> make_neighbour_mean_dtw();
std::unique_ptr<Method> make_rocket_ridge();
std::unique_ptr<Method> make_shape_ridge();
std::unique_ptr<Method> make_mean_ridge();
std::unique_ptr<Method> make_summary_ridge();
std::unique_ptr<Method> make_tfidf_ridge();

std::unique_ptr<Method> make_frequent_tag();
std::unique_ptr<Method> make_entity_dictionary();
std::unique_ptr<Method> make_feature_crf();
std::unique_ptr<Method> make_window_logistic();

}  // namespace refrain::method
