// Counts operator new of the whole test program (allocation_counter.cc replaces it).
#pragma once

namespace refrain::suites {

long allocations();

}  // namespace refrain::suites
