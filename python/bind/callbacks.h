// A caller's functions as the hooks of a training.
#pragma once

#include <exception>
#include <string>

#include "bind/parts.h"
#include "refrain/api/hooks.h"

namespace refrain::bind {

// Calls Python from threads that do not hold the interpreter's lock. The first exception is kept,
// stops the work, and is raised when it is over.
class Callbacks {
 public:
  // `enough`: set instead of `stop` where the progress callback wants no more.
  Callbacks(nb::handle progress, nb::handle message, std::atomic<bool>& stop,
            std::atomic<bool>* enough = nullptr)
      : progress_(progress),
        message_(message),
        stop_(stop),
        enough_(enough == nullptr ? stop : *enough) {}

  api::Hooks hooks() {
    api::Hooks out;
    out.stop = &stop_;
    if (!progress_.is_none()) {
      out.progress = [this](const api::TrainProgress& p) {
        if (p.epoch_done) call([&] { return stop_wanted(p); });
      };
    }
    out.message = [this](const std::string& sentence, bool warning) {
      call([&] {
        message_(python_names(sentence), warning);
        return false;
      });
    };
    return out;
  }

  void raise() const {
    if (failure_ != nullptr) std::rethrow_exception(failure_);
  }

 private:
  template <class Body>
  void call(const Body& body) {
    const nb::gil_scoped_acquire held;
    if (failure_ != nullptr) return;
    try {
      if (body()) enough_ = true;
    } catch (...) {
      failure_ = std::current_exception();
      stop_ = true;
    }
  }

  bool stop_wanted(const api::TrainProgress& p) const {
    nb::dict d;
    d["epoch"] = p.epoch;
    d["epochs"] = p.epochs;
    d["loss"] = p.loss;
    if (p.has_valid) {
      d["valid_score"] = p.valid_score;
      d["valid_loss"] = p.valid_loss;
    }
    return nb::cast<bool>(progress_(d));
  }

  nb::handle progress_, message_;
  std::atomic<bool>&stop_, &enough_;
  std::exception_ptr failure_;
};

}  // namespace refrain::bind
