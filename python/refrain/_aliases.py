"""Names that other libraries have for the same things, answered with ours."""

_ALIASES = {
    "lr": ("learning_rate", "eta", "learning_rate_init", "step_size"),
    "ensemble": ("n_estimators", "num_models", "n_models", "n_members"),
    "epochs": ("max_epochs", "n_epochs", "num_epochs", "max_iter", "num_iterations", "nb_epoch",
               "num_boost_round", "iterations"),
    "batch_size": ("batchsize", "minibatch_size", "train_batch_size", "bs"),
    "hidden": ("units", "hidden_size", "hidden_dim", "n_hidden", "hidden_units", "n_units", "num_units",
               "rnn_size", "hidden_layer_sizes"),
    "layers": ("num_layers", "n_layers", "depth"),
    "cell": ("module", "rnn_type", "cell_type", "rnn", "model_type"),
    "patience": ("early_stopping_rounds", "early_stopping_round", "n_iter_no_change", "early_stopping",
                 "es_patience"),
    "valid_fraction": ("validation_fraction", "validation_split", "train_split", "valid_size",
                       "val_split"),
    "optimiser": ("optimizer", "solver", "optim"),
    "schedule": ("lr_scheduler", "scheduler", "lr_schedule", "learning_rate_schedule"),
    "dropout": ("dropout_rate", "drop_rate", "p_dropout"),
    "weight_decay": ("alpha", "reg_lambda", "lambda_l2", "l2_regularization", "kernel_regularizer"),
    "l1": ("reg_alpha", "lambda_l1", "l1_regularization"),
    "clip_norm": ("clipnorm", "gradient_clip_val", "max_grad_norm", "grad_clip", "gradient_clipping"),
    "clip_value": ("clipvalue", "gradient_clip_value"),
    "threads": ("n_jobs", "num_threads", "nthread", "n_threads", "workers"),
    "time_limit": ("time", "max_time", "timeout", "time_budget"),
    "class_weight": ("class_weights", "scale_pos_weight", "is_unbalance"),
    "embedding_dim": ("embedding_size", "embed_dim", "emb_dim", "input_dim", "output_dim"),
    "max_vocabulary": ("num_words", "max_features", "vocab_size", "max_tokens"),
    "max_length": ("maxlen", "max_len", "sequence_length", "max_seq_length"),
    "loss": ("objective", "criterion", "loss_function"),
    "bidirectional": ("bidir", "bi_directional"),
    "random_state": ("random_seed", "rng"),
    "callbacks": ("callback", "callbacks_list"),
    "verbose": ("verbosity", "silent", "progress"),
    "horizon": ("h", "output_chunk_length", "prediction_length", "forecast_horizon", "fh"),
    "season": ("seasonality", "period", "season_length", "sp", "freq"),
    "beam": ("num_beams", "beam_size", "beam_width"),
    "rate": ("sampling_rate", "sr", "fs"),
    "pooling": ("pool", "aggregation"),
    "augment": ("augmentation", "transforms", "augmentations"),
}  # fmt: skip
_BY_ALIAS = {alias: name for name, aliases in _ALIASES.items() for alias in aliases}
_ABSENT = {
    "device": "it runs on the CPU; threads says on how many cores",
    "warm_start": "partial_fit trains further",
    "shuffle": "batches are always drawn anew",
}


def hint_for(name, names):
    """"; did you mean 'lr'?" of a name that is none of these, or ""."""
    if name in _ABSENT:
        return f": {_ABSENT[name]}"
    known = _BY_ALIAS.get(name.lower())
    if known not in names:
        import difflib  # slow to import

        known = next(iter(difflib.get_close_matches(name, names, 1)), None)
    return f"; did you mean {known!r}?" if known else ""
