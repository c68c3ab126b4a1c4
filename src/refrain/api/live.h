// The page of a running training, for a browser on the same machine. It is served on the loopback
// address alone, and its address holds a random token, so that other users' programs and other
// sites' pages cannot read it. The server runs in a thread of its own; update() and finish() belong
// to the thread that trains. Standard library only.
#pragma once

#include <memory>
#include <string>

#include "refrain/api/hooks.h"

namespace refrain::api {

class LivePage {
 public:
  // Listens on 127.0.0.1; port 0 is any free one. Throws io where the port is taken.
  LivePage(int port, const std::string& title, const std::string& language);
  ~LivePage();
  LivePage(const LivePage&) = delete;
  LivePage& operator=(const LivePage&) = delete;

  std::string address() const;  // "http://127.0.0.1:8080/0f3a..."

  void update(const TrainProgress& progress);
  // From now on this page, which no longer asks for a newer one. Waits some seconds until somebody
  // who was watching has it.
  void finish(const std::string& html);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace refrain::api
