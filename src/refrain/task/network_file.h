// A network in a model file: tensors in PyTorch's layout, and those of its options and features
// that are not the model's.
#pragma once

#include <memory>
#include <string>

#include "refrain/base/json.h"
#include "refrain/task/network.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::task {

void write_network(const Network& network, const Form& form, const std::string& prefix,
                   tensor::TensorFile& file, base::Json& entry);
// Throws data where the entry or the tensors are damaged, or of other streams than the form's.
std::unique_ptr<Network> read_network(const Form& form, std::shared_ptr<const Goal> goal,
                                      const tensor::TensorFile& file, const std::string& prefix,
                                      const base::Json& entry);

// One sample of seven steps, always the same.
data::EncodedSample made_up_input(const data::Features& features);

// All options without those of the machine, so that a file is the same for any number of threads;
// and back, into a spec that has the values of options that are not there.
base::Json spec_to_json(Spec spec);
Spec spec_from_json(const base::Json& options, Spec spec);

}  // namespace refrain::task
