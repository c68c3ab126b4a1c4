// The whole tool as a function: the program calls it, and so does the command inside the Python
// package.
#pragma once

namespace refrain::cli {

// Parses the words (the first one is the program's name), runs one command and returns the exit
// code. Prints; throws nothing.
int tool(int argc, char** argv);

}  // namespace refrain::cli
