#include "refrain/store/rows.h"

namespace refrain::store {
namespace {

void insert_scores(Database& database, std::int64_t key, const Run& run) {
  Statement label(database, "INSERT INTO class VALUES (?,?,?)");
  for (int i = 0; const auto& c : run.classes) label.with(key, i++, c).run();
  Statement score(database, "INSERT INTO score VALUES (?,?,?,?,?,?)");
  for (int i = 0; const auto& s : run.scores) {
    score.with(key, i++, s.metric, s.value, s.low, s.high).run();
  }
  Statement baseline(database, "INSERT INTO baseline VALUES (?,?,?,?,?,?,?,?)");
  for (int i = 0; const auto& b : run.baselines) {
    baseline
        .with(key, i++, b.model, b.score.metric, b.score.value, b.score.low, b.score.high,
              b.seconds)
        .run();
  }
}

void insert_details(Database& database, std::int64_t key, const Run& run) {
  Statement prediction(database, "INSERT INTO prediction VALUES (?,?,?,?,?,?,?,?,?,?)");
  for (int i = 0; const auto& p : run.predictions) {
    prediction
        .with(key, i++, p.repeat, p.fold, p.sample, p.group, p.truth, p.predicted, p.probability,
              p.unit)
        .run();
  }
  Statement curve(database, "INSERT INTO curve VALUES (?,?,?,?,?,?,?,?,?)");
  for (int i = 0; const auto& e : run.curve) {
    curve.with(key, i++, e.repeat, e.fold, e.epoch, e.loss, e.lr, e.valid_score, e.valid_loss)
        .run();
  }
}

// Every column but the key, in the order of insert_run and read_run.
#define REFRAIN_RUN_COLUMNS                                                                 \
  "id, created, command, task, model, options, job, data, data_path, data_hash, protocol, " \
  "split_hash, leak_check, n_train, n_valid, n_test, seed, version, machine, parameters, "  \
  "stop_reason, load_seconds, train_seconds, evaluate_seconds, metric, interval_holds, "    \
  "parameters_hash, predictions_hash"

}  // namespace

const char* run_columns() { return "key, " REFRAIN_RUN_COLUMNS; }

bool insert_run(Database& database, const Run& run) {
  Statement statement(database,
                      "INSERT OR IGNORE INTO run(" REFRAIN_RUN_COLUMNS
                      ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  statement
      .with(run.id, run.created, run.command, run.task, run.model, run.options, run.job, run.data,
            run.data_path, run.data_hash, run.protocol, run.split_hash, run.leak_check, run.n_train,
            run.n_valid, run.n_test, run.seed, run.version, run.machine, run.parameters,
            run.stop_reason, run.seconds.load, run.seconds.train, run.seconds.evaluate, run.metric,
            run.interval_holds, run.parameters_hash, run.predictions_hash)
      .run();
  if (database.changed_rows() == 0) return false;
  const std::int64_t key = database.last_key();
  insert_scores(database, key, run);
  insert_details(database, key, run);
  return true;
}

Run read_run(const Statement& row, std::int64_t& key) {
  Run run;
  int column = 0;
  key = row.integer(column);
  for (auto* text : {&run.id, &run.created, &run.command, &run.task, &run.model, &run.options,
                     &run.job, &run.data, &run.data_path, &run.data_hash, &run.protocol,
                     &run.split_hash, &run.leak_check}) {
    *text = row.text(++column);
  }
  for (auto* count : {&run.n_train, &run.n_valid, &run.n_test}) {
    *count = static_cast<int>(row.integer(++column));
  }
  run.seed = row.integer(++column);
  run.version = row.text(++column);
  run.machine = row.text(++column);
  run.parameters = row.integer(++column);
  run.stop_reason = row.text(++column);
  for (auto* seconds : {&run.seconds.load, &run.seconds.train, &run.seconds.evaluate}) {
    *seconds = row.real(++column);
  }
  for (auto* text :
       {&run.metric, &run.interval_holds, &run.parameters_hash, &run.predictions_hash}) {
    *text = row.text(++column);
  }
  return run;
}

void read_scores(Database& database, std::int64_t key, Run& run) {
  Statement label(database, "SELECT label FROM class WHERE run = ? ORDER BY position");
  for (label.with(key); label.next();) run.classes.push_back(label.text(0));
  Statement score(database,
                  "SELECT metric, value, low, high FROM score WHERE run = ? ORDER BY position");
  for (score.with(key); score.next();) {
    run.scores.push_back({score.text(0), score.real(1), score.real(2), score.real(3)});
  }
  Statement baseline(database,
                     "SELECT model, metric, value, low, high, seconds FROM baseline WHERE run = ? "
                     "ORDER BY position");
  for (baseline.with(key); baseline.next();) {
    run.baselines.push_back(
        {baseline.text(0),
         {baseline.text(1), baseline.real(2), baseline.real(3), baseline.real(4)},
         baseline.real(5)});
  }
}

void read_details(Database& database, std::int64_t key, Run& run) {
  Statement p(database,
              "SELECT \"repeat\", fold, sample, \"group\", truth, predicted, probability, "
              "unit FROM prediction WHERE run = ? ORDER BY position");
  for (p.with(key); p.next();) {
    run.predictions.push_back({static_cast<int>(p.integer(0)), static_cast<int>(p.integer(1)),
                               p.text(2), p.text(3), p.text(4), p.text(5), p.reals(6), p.text(7)});
  }
  Statement e(database,
              "SELECT \"repeat\", fold, epoch, loss, lr, valid_score, valid_loss FROM curve WHERE "
              "run = ? ORDER BY position");
  for (e.with(key); e.next();) {
    run.curve.push_back({static_cast<int>(e.integer(0)), static_cast<int>(e.integer(1)),
                         static_cast<int>(e.integer(2)), e.real(3), e.real(4), e.real(5),
                         e.real(6)});
  }
}

}  // namespace refrain::store
