// The tables of the store and how a file of an older version becomes one of today: an explicit list
// of steps. Step i brings a file from version i to i + 1 (PRAGMA user_version). A new version is
// one more entry; a step that was released never changes. PRAGMA application_id tells a store from
// the databases of other programs.
#pragma once

#include <span>

#include "refrain/store/database.h"

namespace refrain::store {

using MigrationStep = const char*;  // SQL

std::span<const MigrationStep> migration_steps();

// Makes a new file a store, or brings an old one to the last of the steps, all or nothing. Throws
// data for another program's database and for a file that a newer Refrain wrote.
void migrate(Database& database, std::span<const MigrationStep> steps);

}  // namespace refrain::store
