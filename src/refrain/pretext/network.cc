#include "refrain/pretext/network.h"

namespace refrain::pretext {

PretextNetwork::PretextNetwork(const PretextSpec& spec, const data::Features& features,
                               int classes) {
  const Setting setting{spec.objective, features.inputs(0), features.length(0), classes};
  objective = objectives().at(spec.objective.objective).make(setting);
  const nn::StreamShape shape{data::StreamKind::kSeries, features.inputs(0), features.length(0)};
  encoder = nn::make_encoder(spec.encoder, shape, std::string(nn::kFirstEncoder), params);
  objective->declare(*encoder, params);
  params.initialise(base::Rng(static_cast<std::uint64_t>(spec.train.seed)).fork("start"));
}

}  // namespace refrain::pretext
