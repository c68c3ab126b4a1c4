#include "bench/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "bench/measure.h"
#include "refrain/base/error.h"

extern char** environ;

namespace refrain::bench {
namespace {

pid_t start(const std::vector<std::string>& command, const std::string& log) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                   0644);
  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  pid_t child = 0;
  const int failure = posix_spawnp(&child, argv[0], &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (failure != 0) throw Error(Code::kIo, command[0] + ": " + std::strerror(failure));
  return child;
}

}  // namespace

ProgramRun run_program(const std::vector<std::string>& command, const std::string& log) {
  if (command.empty()) throw Error(Code::kUsage, "no command to run");
  const double begin = now_seconds();
  const pid_t child = start(command, log);
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child) {
    throw Error(Code::kIo, command[0] + ": " + std::strerror(errno));
  }
  ProgramRun run;
  run.ms = 1e3 * (now_seconds() - begin);
  run.peak_mb = static_cast<double>(usage.ru_maxrss) / 1024;
  run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return run;
}

}  // namespace refrain::bench
