// A program of another project. It uses installed headers only; its exit code is the test's
// verdict.
#include <refrain/base/error.h>

int main() {
  try {
    throw refrain::Error(refrain::Code::kData, "x.csv:3:1: 'abc' is not a number", "mend the row");
  } catch (const refrain::Error& error) {
    return error.exit_code() == 2 && error.hint() == "mend the row" ? 0 : 1;
  }
}
