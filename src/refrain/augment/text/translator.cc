#include "refrain/augment/text/translator.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "refrain/base/digest.h"
#include "refrain/base/encoding.h"
#include "refrain/base/error.h"
#include "refrain/base/files.h"

extern char** environ;

namespace refrain::augment {
namespace {

constexpr std::size_t kKeptErrors = 500;  // bytes of standard error that a message shows

[[noreturn]] void fail(const char* what) {
  throw Error(Code::kIo, fmt::format("{}: {}", what, std::strerror(errno)),
              "close other programs and try again");
}

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { close(); }

  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  int number() const { return number_; }

 private:
  int number_;
};

struct Pipe {
  Descriptor read, write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("no pipe to another program");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

// While it lives, writing to a program that has ended is an error and not the end of this one.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;
  ~NoPipeSignal() {
    if (sigismember(&before_, SIGPIPE) == 0) {
      const timespec now{};
      while (sigtimedwait(&pipe_, nullptr, &now) == SIGPIPE) {  // the pending signal is ours
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  const sigset_t& before() const { return before_; }

 private:
  sigset_t pipe_, before_;
};

class Program {
 public:
  explicit Program(const std::string& command) { start(command); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() {
    if (id_ <= 0) return;
    ::kill(id_, SIGTERM);
    wait();
  }

  // Feeds the input and takes both outputs as they come, until the program has closed them.
  void exchange(std::string_view input) {
    fcntl(in_.write.number(), F_SETFL, O_NONBLOCK);
    if (input.empty()) in_.write.close();
    while (out_.read.number() >= 0 || errors_.read.number() >= 0) {
      std::array<pollfd, 3> wait_for = {{{in_.write.number(), POLLOUT, 0},
                                         {out_.read.number(), POLLIN, 0},
                                         {errors_.read.number(), POLLIN, 0}}};
      if (poll(wait_for.data(), wait_for.size(), -1) < 0) {
        if (errno == EINTR) continue;
        fail("waiting for another program");
      }
      if (wait_for[0].revents != 0) feed(input);
      if (wait_for[1].revents != 0) take(out_.read, output);
      if (wait_for[2].revents != 0) {
        take(errors_.read, errors);
        if (errors.size() > 2 * kKeptErrors) errors.erase(0, errors.size() - kKeptErrors);
      }
    }
  }

  // Waits for the process and returns its status as waitpid(2) does.
  int wait() {
    int status = 0;
    while (waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
    id_ = 0;
    return status;
  }

  std::string output, errors;

 private:
  void start(const std::string& command) {
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in_.read.number(), 0);
    posix_spawn_file_actions_adddup2(&files, out_.write.number(), 1);
    posix_spawn_file_actions_adddup2(&files, errors_.write.number(), 2);
    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    posix_spawnattr_setsigmask(&how, &signals_.before());
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
    std::string shell = "sh", option = "-c", text = command;
    std::array<char*, 4> arguments = {shell.data(), option.data(), text.data(), nullptr};
    const int error = posix_spawn(&id_, "/bin/sh", &files, &how, arguments.data(), environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    in_.read.close();
    out_.write.close();
    errors_.write.close();
    if (error == 0) return;
    id_ = 0;
    errno = error;
    fail("the shell /bin/sh cannot be started");
  }

  void feed(std::string_view& input) {
    const ssize_t count = ::write(in_.write.number(), input.data(), input.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count > 0) input.remove_prefix(static_cast<std::size_t>(count));
    // A program that stops reading may still answer: its lines are counted later.
    if (count < 0 || input.empty()) in_.write.close();
  }

  static void take(Descriptor& from, std::string& to) {
    std::array<char, 65536> block;
    const ssize_t count = ::read(from.number(), block.data(), block.size());
    if (count < 0 && errno == EINTR) return;
    if (count <= 0) return from.close();
    to.append(block.data(), static_cast<std::size_t>(count));
  }

  NoPipeSignal signals_;
  Pipe in_ = make_pipe(), out_ = make_pipe(), errors_ = make_pipe();
  pid_t id_ = 0;
};

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find('\n', i), text.size());
    const bool returned = end > i && text[end - 1] == '\r';
    lines.push_back(text.substr(i, end - i - (returned ? 1 : 0)));
    i = end + 1;
  }
  return lines;
}

void check_status(const std::string& command, int status, const std::string& errors) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  const std::string how = WIFEXITED(status)
                              ? fmt::format("ended with exit code {}", WEXITSTATUS(status))
                              : fmt::format("was ended by signal {}", WTERMSIG(status));
  const std::size_t begin = errors.size() - std::min(errors.size(), kKeptErrors);
  const std::string said = base::decode(errors.substr(begin), "utf-8").text;
  throw Error(Code::kUsage,
              fmt::format("the command '{}' {}{}{}", command, how, said.empty() ? "" : ": ", said),
              "try it by itself: it must read lines and write as many");
}

ModelLines& models() {
  static ModelLines answer;
  return answer;
}

// A command has blanks as a rule; a file of this name is no command that a shell would find.
bool names_model(const std::string& command) {
  std::error_code ignored;
  return models() != nullptr && command.ends_with(".refrain") &&
         std::filesystem::is_regular_file(command, ignored);
}

}  // namespace

void answer_by_models(ModelLines answer) { models() = std::move(answer); }

std::string model_digest(const std::string& command) {
  return names_model(command) ? base::sha256(base::read_file(command).bytes) : "";
}

std::vector<std::string> run_lines(const std::string& command,
                                   const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  if (names_model(command)) {
    if (auto answered = models()(command, lines)) return std::move(*answered);
  }
  std::string input;
  for (const auto& line : lines) input += line + "\n";
  Program program(command);
  program.exchange(input);
  check_status(command, program.wait(), program.errors);
  auto out = split_lines(program.output);
  if (out.size() != lines.size()) {
    throw Error(Code::kUsage,
                fmt::format("the command '{}' was given {} lines and wrote {}", command,
                            lines.size(), out.size()),
                "it must write one line for each that it reads, empty ones too");
  }
  const std::size_t bad = base::first_invalid_utf8(program.output);
  if (bad != std::string::npos) {
    throw Error(Code::kData, fmt::format("the command '{}' wrote what is not UTF-8", command),
                "set its output encoding, for example with PYTHONIOENCODING=utf-8");
  }
  return out;
}

}  // namespace refrain::augment
