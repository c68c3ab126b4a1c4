#include <cstdlib>

#include "bind/parts.h"
#include "refrain/api/machine.h"

NB_MODULE(_core, module) {
  module.doc() = "The C++ core of Refrain; use the package refrain.";
  refrain::bind::add_errors(module);
  refrain::bind::add_options(module);
  refrain::bind::add_samples(module);
  refrain::bind::add_model(module);
  refrain::bind::add_inspect(module);
  refrain::bind::add_augment(module);
  refrain::bind::add_language(module);
  refrain::bind::add_forecast(module);
  refrain::bind::add_tagging(module);
  refrain::bind::add_sources(module);
  refrain::bind::add_page(module);
  refrain::bind::add_trial(module);
  refrain::bind::add_read(module);
  refrain::bind::add_replies(module);
  // As the tool does.
  if (const char* isa = std::getenv("REFRAIN_ISA")) refrain::api::choose_instruction_set(isa);
}
