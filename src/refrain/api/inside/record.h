// Keeping a run in the experiment store; for the sources of this layer only.
#pragma once

#include <optional>
#include <string>

#include "refrain/store/store.h"

namespace refrain::api {

// Opens the store for writing and closes it again, so that what is wrong with it is said before
// long work and not after. Nothing for "none". Throws io or data.
void require_store(const std::string& store);

// Keeps the run and returns its id, or "" where the store is "none". Fills in version, machine,
// time and predictions_hash where they are empty. `store` as in api/runs.h. Throws io or data.
std::string record(const std::string& store, store::Run run);

// Fills in what record() does of a run that no store keeps: version, machine, time, hash.
void complete(store::Run& run);

// The store for reading; nothing where there is no file. Throws usage for "none".
std::optional<store::Store> stored(const std::string& store);

// Opens the store for a command that needs runs; throws usage if there is no file.
store::Store stored_runs(const std::string& store);

// A path that store_path() gave, for writing. The folder .refrain is made; any other must be there.
store::Store open_to_write(const std::string& path);

// "data/GunPoint_TRAIN.ts.gz" -> "GunPoint": what runs on one data set share.
std::string data_name(const std::string& path);

// "x86_64 avx2, 2 cores".
std::string machine_name();

}  // namespace refrain::api
