#include "refrain/explain/methods/list.h"

namespace refrain::explain {

const base::Registry<MethodEntry>& methods() {
  static const base::Registry<MethodEntry> kMethods(
      "method of explanation",
      {{"occlusion",
        "what the answer loses without each part (Zeiler and Fergus 2014)",
        {occlusion}},
       {"phrases",
        "of texts: occlusion of each word and of the phrases of two and three words that it is in, "
        "on average",
        {phrases}},
       {"rescaled",
        "shapley of runs of steps, times shapley of channels within them (Ismail et al. 2020)",
        {rescaled, false, true}},
       {"shapley",
        "what a part adds to any choice of the others, on average (Castro et al. 2009)",
        {shapley, false, true}},
       {"saliency", "size of the gradient (Simonyan et al. 2014)", {saliency, true}},
       {"input_gradient", "input times gradient (Shrikumar et al. 2016)", {input_gradient, true}},
       {"integrated_gradients",
        "the gradient on the way from a blank input (Sundararajan et al. 2017)",
        {integrated_gradients, true}},
       {"smooth_gradient",
        "the gradient averaged over noise (Smilkov et al. 2017)",
        {smooth_gradient, true, true}},
       {"attention", "weights of the attention or of the pooling over steps", {attention, true}}});
  return kMethods;
}

}  // namespace refrain::explain
