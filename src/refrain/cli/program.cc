#include "refrain/cli/tool.h"

int main(int argc, char** argv) { return refrain::cli::tool(argc, argv); }
