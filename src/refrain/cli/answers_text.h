// Answers as text: CSV, JSON Lines and, of tags, CoNLL columns.
#pragma once

#include <string>

#include "refrain/api/forecast.h"
#include "refrain/api/model.h"
#include "refrain/api/tagging.h"
#include "refrain/api/transducer.h"

namespace refrain::cli {

enum class Form { kCsv, kJsonLines, kConll, kLines };

// What stands before the answers, of CSV its header.
std::string answers_head(const api::Model& model, Form form);

// One answer. An empty text has none: nothing is decided about it.
std::string answer_text(const api::Model& model, const api::Prediction& answer, Form form);
std::string no_answer_text(const api::Model& model, const std::string& id, Form form);

// How the tags of a model are written: by the file's ending, else the usual form. Throws usage
// where they cannot be.
Form form_of_tags(const api::TaggerForm& tagger, const std::string& path);

// Steps of forecasts: id, time, prediction and a column for each quantile.
std::string forecast_head(const api::Forecaster& model, Form form);
std::string forecast_text(const api::Forecaster& model, const api::ForecastStep& step, Form form);

// Replies: a line each, CSV of id and prediction, or JSON with all options, scores and times.
Form form_of_replies(const std::string& path);
std::string reply_head(Form form);
std::string reply_text(const api::Transducer& model, const api::WrittenReply& reply, Form form);

std::string tags_head(const api::TaggerForm& tagger, Form form);
std::string tags_text(const api::TaggerForm& tagger, const api::Tagged& answer, Form form);

}  // namespace refrain::cli
