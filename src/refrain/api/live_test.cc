#include "refrain/api/live.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "refrain/base/error.h"

namespace refrain::api {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

int port_in(const std::string& address) {
  return std::stoi(address.substr(std::string("http://127.0.0.1:").size()));
}

std::string path_in(const std::string& address) { return address.substr(address.rfind('/')); }

// Returns the answer of the server to these bytes.
std::string asked(int port, const std::string& request) {
  const int client = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string out;
  if (::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    ::send(client, request.data(), request.size(), MSG_NOSIGNAL);
    ::shutdown(client, SHUT_WR);
    char bytes[4096];
    for (ssize_t n = 0; (n = ::recv(client, bytes, sizeof bytes, 0)) > 0;) {
      out.append(bytes, static_cast<std::size_t>(n));
    }
  }
  ::close(client);
  return out;
}

std::string get(const std::string& address, const std::string& path, const std::string& host) {
  return asked(port_in(address), "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
}

std::string get(const std::string& address) {
  return get(address, path_in(address), "127.0.0.1:" + std::to_string(port_in(address)));
}

TrainProgress epoch(int number, double loss) {
  TrainProgress p;
  p.epoch = number;
  p.epochs = 5;
  p.loss = loss;
  p.epoch_done = true;
  return p;
}

TEST(LivePage, shows_the_training_so_far_to_who_has_the_token) {
  LivePage page(0, "a <b>.csv", "");
  EXPECT_THAT(page.address(), MatchesRegex("http://127.0.0.1:[0-9]+/[0-9a-f]+"));
  page.update(epoch(1, 0.75));
  page.update(epoch(2, 0.5));
  const std::string answer = get(page.address());
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(answer, HasSubstr("a &lt;b&gt;.csv"));
  EXPECT_THAT(answer, HasSubstr("Epoch 2 of 5"));
  EXPECT_THAT(answer, HasSubstr("http-equiv=\"refresh\""));
  EXPECT_THAT(answer, HasSubstr("default-src 'none'"));
}

TEST(LivePage, nothing_is_told_without_the_token_or_under_another_name) {
  LivePage page(0, "data", "");
  const std::string own = "127.0.0.1:" + std::to_string(port_in(page.address()));
  EXPECT_THAT(get(page.address(), "/", own), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(get(page.address(), path_in(page.address()) + "0", own), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(get(page.address(), path_in(page.address()), "evil.example:80"),
              StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(asked(port_in(page.address()), "nonsense"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(get(page.address(), "/", own), Not(HasSubstr("data")));
}

TEST(LivePage, ends_with_the_report_that_another_thread_then_has) {
  LivePage page(0, "data", "zh");
  get(page.address());
  std::string last;
  std::thread reader([&] {
    while (last.find("the end") == std::string::npos) last = get(page.address());
  });
  page.finish("the end");
  reader.join();
  EXPECT_THAT(last, Not(HasSubstr("refresh")));
}

TEST(LivePage, a_port_that_is_taken_is_an_error) {
  LivePage page(0, "data", "");
  EXPECT_THROW(LivePage(port_in(page.address()), "other", ""), Error);
}

TEST(LivePage, two_pages_have_different_tokens) {
  LivePage a(0, "a", ""), b(0, "b", "");
  EXPECT_NE(path_in(a.address()), path_in(b.address()));
}

}  // namespace
}  // namespace refrain::api
