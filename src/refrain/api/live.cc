#include "refrain/api/live.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "refrain/api/inside/clock.h"
#include "refrain/api/inside/page_of.h"
#include "refrain/api/pages/parts.h"
#include "refrain/base/error.h"
#include "refrain/report/escape.h"

namespace refrain::api {
namespace {

constexpr std::size_t kLongestRequest = 8192;
constexpr int kPatienceMs = 2000;  // for a browser that is slow to ask
constexpr int kRefresh = 2;        // seconds

// 128 bits of the system's entropy.
std::string new_token() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", device(), device(), device(), device());
}

// Compares two texts in a time that does not depend on where they differ.
bool equal_texts(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return false;
  unsigned char different = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    different |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  }
  return different == 0;
}

bool wait_for(int socket, short what, int ms) {
  pollfd wanted{socket, what, 0};
  return ::poll(&wanted, 1, ms) > 0;
}

// Reads the request of a browser up to the empty line.
std::string read_request(int client) {
  std::string out;
  const double end = now() + kPatienceMs / 1000.0;
  while (out.size() < kLongestRequest && out.find("\r\n\r\n") == std::string::npos) {
    char bytes[1024];
    const int left = static_cast<int>(1000 * (end - now()));
    if (left <= 0 || !wait_for(client, POLLIN, left)) break;
    const ssize_t got = ::recv(client, bytes, sizeof bytes, 0);
    if (got <= 0) break;
    out.append(bytes, static_cast<std::size_t>(got));
  }
  return out;
}

bool send_all(int client, const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    if (!wait_for(client, POLLOUT, kPatienceMs)) return false;
    const ssize_t n = ::send(client, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

// The value of a header; "" where there is none.
std::string header_of(const std::string& request, const std::string& name) {
  const auto at = request.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  const auto from = at + name.size() + 4;
  return request.substr(from, request.find("\r\n", from) - from);
}

int listen_on_loopback(int port) {
  const int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (listening < 0 || ::bind(listening, generic, sizeof address) != 0 ||
      ::listen(listening, 8) != 0) {
    const std::string why = std::strerror(errno);
    if (listening >= 0) ::close(listening);
    throw Error(Code::kIo, fmt::format("cannot listen on port {}: {}", port, why),
                "name another port, or 0 for any that is free");
  }
  return listening;
}

int port_of(int listening) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

}  // namespace

struct LivePage::Impl {
  std::string title, language;
  int listening = -1, port = 0;
  std::string token = new_token();
  double begin = now();

  std::mutex mutex;
  std::condition_variable changed;
  TrainProgress last;
  store::Run run;     // its curve so far
  std::string final;  // the page at the end; "" = still training
  bool watched = false, final_seen = false, stop = false;
  std::thread thread;

  std::string page();
  void answer(int client);
  void serve();
};

std::string LivePage::Impl::page() {
  const std::lock_guard lock(mutex);
  watched = true;
  if (!final.empty()) {
    final_seen = true;
    changed.notify_all();
    return final;
  }
  report::Page page({title, title}, page_language(language));
  page.refresh(kRefresh);
  page.head("<h1>" + report::escaped(title, 80) + "</h1>\n" +
            paragraph(report::Words{fmt::format("Epoch {} of {}, {:.0f} s; loss {:.4g}", last.epoch,
                                                last.epochs, now() - begin, last.loss),
                                    fmt::format("第 {} / {} 轮，{:.0f} 秒；损失 {:.4g}", last.epoch,
                                                last.epochs, now() - begin, last.loss)}));
  Told told;
  told.run = run;
  put_learning(told, page);
  return page.html();
}

void LivePage::Impl::answer(int client) {
  const std::string request = read_request(client);
  const std::string wanted = "GET /" + token + " HTTP/1.1";
  const std::string host = header_of(request, "Host");
  // Another site's page could reach the loopback address under a name of its own.
  const bool own_host =
      host == fmt::format("127.0.0.1:{}", port) || host == fmt::format("localhost:{}", port);
  if (!own_host || !equal_texts(request.substr(0, request.find("\r\n")), wanted)) {
    send_all(client, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    return;
  }
  const std::string html = page();
  send_all(client, fmt::format("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
                               "Content-Length: {}\r\nCache-Control: no-store\r\n"
                               "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
                               "Connection: close\r\n\r\n",
                               html.size()) +
                       html);
}

void LivePage::Impl::serve() {
  for (;;) {
    const bool asked = wait_for(listening, POLLIN, 100);
    {
      const std::lock_guard lock(mutex);
      if (stop) return;
    }
    if (!asked) continue;
    const int client = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    answer(client);
    ::close(client);
  }
}

LivePage::LivePage(int port, const std::string& title, const std::string& language)
    : impl_(std::make_unique<Impl>()) {
  page_language(language);
  impl_->title = title;
  impl_->language = language;
  impl_->listening = listen_on_loopback(port);
  impl_->port = port_of(impl_->listening);
  impl_->thread = std::thread([this] { impl_->serve(); });
}

LivePage::~LivePage() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stop = true;
  }
  impl_->thread.join();
  ::close(impl_->listening);
}

std::string LivePage::address() const {
  return fmt::format("http://127.0.0.1:{}/{}", impl_->port, impl_->token);
}

void LivePage::update(const TrainProgress& p) {
  const std::lock_guard lock(impl_->mutex);
  impl_->last = p;
  if (!p.epoch_done || p.unit != "epoch") return;
  // Each network of an ensemble starts again at epoch 1, which clears the curve.
  if (!impl_->run.curve.empty() && p.epoch <= impl_->run.curve.back().epoch)
    impl_->run.curve.clear();
  const double none = store::kUnknown;
  impl_->run.curve.push_back({0, 0, p.epoch, p.loss, none, p.has_valid ? p.valid_score : none,
                              p.has_valid ? p.valid_loss : none});
}

void LivePage::finish(const std::string& html) {
  std::unique_lock lock(impl_->mutex);
  impl_->final = html;
  if (!impl_->watched) return;
  impl_->changed.wait_for(lock, std::chrono::seconds(2 * kRefresh + 1),
                          [this] { return impl_->final_seen; });
}

}  // namespace refrain::api
