# Made by scripts/python_stubs; change the options' declarations or that script instead.
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import augment as augment
from . import callbacks as callbacks
from . import data as data
from . import interchange as interchange
from . import plot as plot
from . import runs as runs
from ._evaluate import Comparison as Comparison
from ._evaluate import Report as Report
from ._evaluate import Score as Score
from ._evaluate import compare as compare
from ._evaluate import evaluate as evaluate
from ._explanation import Explanation as Explanation
from ._report import Page as Page
from ._report import board as board
from ._report import report as report
from ._writers import Reply as Reply
from .augment import Spec as _Spec
from .model import Model as Model
from .model import load as load

__version__: str
Callback = Callable[[dict[str, float]], object]
_Layout = Literal["time_channels", "channels_time"] | None
_Path = str | os.PathLike[str]
_Texts = _Path | Iterable[str]
_Pair = tuple[Any, Any] | Sequence[tuple[Any, Any]] | None

class NotFittedError(ValueError, AttributeError): ...

def registries() -> list[str]: ...
def list_registry(name: str) -> list[tuple[str, str]]: ...
def sources(
    folder: _Path = ".", store: _Path = "", packages: Sequence[_Path] | None = None
) -> list[dict[str, Any]]: ...

class SequenceClassifier:
    classes_: NDArray[Any]
    history_: dict[str, list[float]]
    options_: dict[str, Any]
    n_train_: int
    n_valid_: int
    n_parameters_: int
    n_iter_: int
    best_epoch_: int
    stop_reason_: str
    fit_seconds_: float
    remarks_: list[str]
    n_channels_: int
    n_features_in_: int
    feature_names_in_: NDArray[Any]
    def __init__(
        self,
        *,
        preset: Literal["auto", "none", "fast", "good", "best"] | None = None,
        time_limit: str | None = None,
        model: Literal["network", "majority", "tfidf_logistic", "pieces_logistic", "bayes_logistic", "summary_logistic", "mean_logistic", "nn_euclidean", "nn_dtw", "minirocket", "hydra", "mean", "tfidf_ridge", "summary_ridge", "mean_ridge", "neighbour_mean_dtw", "rocket_ridge", "shape_ridge", "interval_forest", "frequent_tag", "entity_dictionary", "feature_crf", "window_logistic", "naive", "seasonal_naive", "drift", "naive2", "theta", "ets", "seasonal_ar", "linear_window"] | None = None,
        ensemble: int | None = None,
        blend: str | None = None,
        blend_weight: float | Literal["auto"] | None = None,
        blend_repeats: int | None = None,
        meanings: str | None = None,
        distil: bool | None = None,
        calibrate: bool | None = None,
        cost: str | None = None,
        streams: str | None = None,
        normalise: Literal["channel", "series", "none"] | None = None,
        missing: Literal["mask", "interpolate", "zero"] | None = None,
        views: str | None = None,
        conditions: str | None = None,
        words: Literal["rules", "blanks"] | None = None,
        spelling: Literal["none", "convolution", "recurrent"] | None = None,
        max_length: int | None = None,
        cell: Literal["gru", "lstm", "mgu", "rnn", "rnn_relu", "slstm"] | None = None,
        hidden: int | Literal["auto"] | None = None,
        layers: int | None = None,
        bidirectional: bool | None = None,
        pooling: Literal["last", "mean", "max", "concat", "attention", "dot", "multi_head"] | None = None,
        parts: int | None = None,
        attention: Literal["none", "self"] | None = None,
        heads: int | None = None,
        layer_norm: bool | None = None,
        residual: bool | None = None,
        segment: int | None = None,
        spelling_dim: int | None = None,
        recompute: Literal["auto", "never", "always"] | None = None,
        truncate: int | None = None,
        dropout: float | Literal["auto"] | None = None,
        input_dropout: float | None = None,
        recurrent_dropout: float | None = None,
        zoneout: float | None = None,
        weight_drop: float | None = None,
        ar: float | None = None,
        tar: float | None = None,
        lm_loss: float | None = None,
        stem: Literal["none", "depthwise", "full"] | None = None,
        stem_form: Literal["stem", "branch"] | None = None,
        stem_channels: int | None = None,
        stem_layers: int | None = None,
        stem_kernels: str | None = None,
        stem_pool: int | None = None,
        stem_skip: bool | None = None,
        stem_dropout: float | None = None,
        squeeze: bool | None = None,
        label_smoothing: float | None = None,
        class_weight: str | dict[Any, float] | None = None,
        decoder: Literal["auto", "attention", "ctc", "both"] | None = None,
        ctc_weight: float | Literal["auto"] | None = None,
        repeat: int | Literal["auto"] | None = None,
        source_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        reply_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        vocabulary_size: int | Literal["auto"] | None = None,
        shared_vocabulary: bool | None = None,
        decoder_attention: Literal["additive", "dot", "heads"] | None = None,
        decoder_hidden: int | Literal["auto"] | None = None,
        input_feeding: bool | None = None,
        beam: int | Literal["auto"] | None = None,
        n_best: int | None = None,
        length_penalty: float | None = None,
        coverage_penalty: float | None = None,
        sampling: float | None = None,
        language_model: str | None = None,
        language_model_weight: float | None = None,
        symbol_bonus: float | None = None,
        skip_impossible: bool | None = None,
        augment: str | _Spec | Sequence[str | _Spec | dict[str, Any]] | None = None,
        tta: int | None = None,
        valid_fraction: float | Literal["auto"] | None = None,
        refit: bool | None = None,
        init: str | None = None,
        vectors: str | None = None,
        freeze: str | None = None,
        unfreeze_every: int | None = None,
        unfreeze_words: int | None = None,
        layer_lr_decay: float | None = None,
        l2_sp: float | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        patience: int | None = None,
        min_epochs: int | None = None,
        smooth_epochs: int | None = None,
        average: Literal["none", "ema", "swa", "nt_asgd"] | None = None,
        ema_decay: float | None = None,
        swa_share: float | None = None,
        nt_window: int | None = None,
        l1: float | None = None,
        l2: float | None = None,
        penalty: str | None = None,
        max_norm: float | None = None,
        mixup: float | None = None,
        gradient_noise: float | None = None,
        seed: int | None = None,
        threads: int | None = None,
        optimiser: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sam", "lbfgs", "sgd"] | None = None,
        lr: float | Literal["auto"] | None = None,
        schedule: Literal["one_cycle", "cosine", "slanted_triangle", "step", "plateau", "constant"] | None = None,
        warmup: float | None = None,
        plateau_epochs: int | None = None,
        momentum: float | None = None,
        nesterov: bool | None = None,
        beta1: float | None = None,
        beta2: float | None = None,
        alpha: float | None = None,
        epsilon: float | None = None,
        weight_decay: float | None = None,
        sam_base: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sgd"] | None = None,
        sam_rho: float | None = None,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        clip_adaptive: float | None = None,
        random_state: Any = None,
        callbacks: Callback | Sequence[Callback] | None = None,
        verbose: bool | None = None,
        on_interrupt: Literal["raise", "keep"] | None = None,
        layout: _Layout = None,
    ) -> None: ...
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> SequenceClassifier: ...
    def fit(
        self,
        X: Sequence[ArrayLike] | ArrayLike | Any,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        layout: _Layout = None,
        *,
        validation: _Pair = None,
        eval_set: _Pair = None,
    ) -> SequenceClassifier: ...
    def set_fit_request(self, **requests: bool | str | None) -> SequenceClassifier: ...
    def set_predict_request(self, **requests: bool | str | None) -> SequenceClassifier: ...
    def set_score_request(self, **requests: bool | str | None) -> SequenceClassifier: ...
    def get_metadata_routing(self) -> Any: ...
    def partial_fit(
        self,
        X: Sequence[ArrayLike] | ArrayLike | Any,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
        epochs: int = 1,
        layout: _Layout = None,
    ) -> SequenceClassifier: ...
    def predict(self, X: Sequence[ArrayLike] | ArrayLike | Any, layout: _Layout = None) -> NDArray[Any]: ...
    def set_partial_fit_request(self, **requests: bool | str | None) -> SequenceClassifier: ...
    def set_predict_proba_request(self, **requests: bool | str | None) -> SequenceClassifier: ...
    def predict_proba(self, X: Sequence[ArrayLike] | ArrayLike | Any, layout: _Layout = None) -> NDArray[np.float64]: ...
    def predict_log_proba(self, X: Sequence[ArrayLike] | ArrayLike | Any, layout: _Layout = None) -> NDArray[np.float64]: ...
    def score(
        self,
        X: Sequence[ArrayLike] | ArrayLike | Any,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        layout: _Layout = None,
    ) -> float: ...
    def save(self, path: str | os.PathLike[str]) -> None: ...
    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> SequenceClassifier: ...
    @classmethod
    def of_model(cls, model: Model) -> SequenceClassifier: ...
    @property
    def model_(self) -> Model: ...
    def explain(self, X: Any, **options: Any) -> Explanation: ...

class TextClassifier:
    classes_: NDArray[Any]
    history_: dict[str, list[float]]
    options_: dict[str, Any]
    n_train_: int
    n_valid_: int
    n_parameters_: int
    n_iter_: int
    best_epoch_: int
    stop_reason_: str
    fit_seconds_: float
    remarks_: list[str]
    def __init__(
        self,
        *,
        preset: Literal["auto", "none", "fast", "good", "best"] | None = None,
        time_limit: str | None = None,
        model: Literal["network", "majority", "tfidf_logistic", "pieces_logistic", "bayes_logistic", "summary_logistic", "mean_logistic", "nn_euclidean", "nn_dtw", "minirocket", "hydra", "mean", "tfidf_ridge", "summary_ridge", "mean_ridge", "neighbour_mean_dtw", "rocket_ridge", "shape_ridge", "interval_forest", "frequent_tag", "entity_dictionary", "feature_crf", "window_logistic", "naive", "seasonal_naive", "drift", "naive2", "theta", "ets", "seasonal_ar", "linear_window"] | None = None,
        ensemble: int | None = None,
        blend: str | None = None,
        blend_weight: float | Literal["auto"] | None = None,
        blend_repeats: int | None = None,
        meanings: str | None = None,
        distil: bool | None = None,
        calibrate: bool | None = None,
        cost: str | None = None,
        conditions: str | None = None,
        lowercase: bool | None = None,
        words: Literal["rules", "blanks"] | None = None,
        spelling: Literal["none", "convolution", "recurrent"] | None = None,
        min_count: int | None = None,
        max_vocabulary: int | None = None,
        max_length: int | None = None,
        encoder: str | None = None,
        encoder_layer: int | Literal["auto"] | None = None,
        encoder_tune: int | None = None,
        encoder_lr: float | None = None,
        encoder_dropout: float | None = None,
        encoder_cache: str | None = None,
        cell: Literal["gru", "lstm", "mgu", "rnn", "rnn_relu", "slstm"] | None = None,
        hidden: int | Literal["auto"] | None = None,
        layers: int | None = None,
        bidirectional: bool | None = None,
        pooling: Literal["last", "mean", "max", "concat", "attention", "dot", "multi_head"] | None = None,
        parts: int | None = None,
        attention: Literal["none", "self"] | None = None,
        heads: int | None = None,
        layer_norm: bool | None = None,
        residual: bool | None = None,
        segment: int | None = None,
        embedding_dim: int | None = None,
        spelling_dim: int | None = None,
        recompute: Literal["auto", "never", "always"] | None = None,
        truncate: int | None = None,
        dropout: float | Literal["auto"] | None = None,
        input_dropout: float | None = None,
        recurrent_dropout: float | None = None,
        zoneout: float | None = None,
        weight_drop: float | None = None,
        embedding_dropout: float | None = None,
        ar: float | None = None,
        tar: float | None = None,
        lm_loss: float | None = None,
        stem: Literal["none", "depthwise", "full"] | None = None,
        stem_form: Literal["stem", "branch"] | None = None,
        stem_channels: int | None = None,
        stem_layers: int | None = None,
        stem_kernels: str | None = None,
        stem_pool: int | None = None,
        stem_skip: bool | None = None,
        stem_dropout: float | None = None,
        squeeze: bool | None = None,
        label_smoothing: float | None = None,
        class_weight: str | dict[Any, float] | None = None,
        decoder: Literal["auto", "attention", "ctc", "both"] | None = None,
        ctc_weight: float | Literal["auto"] | None = None,
        repeat: int | Literal["auto"] | None = None,
        source_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        reply_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        vocabulary_size: int | Literal["auto"] | None = None,
        shared_vocabulary: bool | None = None,
        decoder_attention: Literal["additive", "dot", "heads"] | None = None,
        decoder_hidden: int | Literal["auto"] | None = None,
        input_feeding: bool | None = None,
        beam: int | Literal["auto"] | None = None,
        n_best: int | None = None,
        length_penalty: float | None = None,
        coverage_penalty: float | None = None,
        sampling: float | None = None,
        language_model: str | None = None,
        language_model_weight: float | None = None,
        symbol_bonus: float | None = None,
        skip_impossible: bool | None = None,
        augment: str | _Spec | Sequence[str | _Spec | dict[str, Any]] | None = None,
        tta: int | None = None,
        valid_fraction: float | Literal["auto"] | None = None,
        refit: bool | None = None,
        init: str | None = None,
        vectors: str | None = None,
        freeze: str | None = None,
        unfreeze_every: int | None = None,
        unfreeze_words: int | None = None,
        layer_lr_decay: float | None = None,
        l2_sp: float | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        patience: int | None = None,
        min_epochs: int | None = None,
        smooth_epochs: int | None = None,
        average: Literal["none", "ema", "swa", "nt_asgd"] | None = None,
        ema_decay: float | None = None,
        swa_share: float | None = None,
        nt_window: int | None = None,
        l1: float | None = None,
        l2: float | None = None,
        penalty: str | None = None,
        max_norm: float | None = None,
        mixup: float | None = None,
        gradient_noise: float | None = None,
        seed: int | None = None,
        threads: int | None = None,
        optimiser: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sam", "lbfgs", "sgd"] | None = None,
        lr: float | Literal["auto"] | None = None,
        schedule: Literal["one_cycle", "cosine", "slanted_triangle", "step", "plateau", "constant"] | None = None,
        warmup: float | None = None,
        plateau_epochs: int | None = None,
        momentum: float | None = None,
        nesterov: bool | None = None,
        beta1: float | None = None,
        beta2: float | None = None,
        alpha: float | None = None,
        epsilon: float | None = None,
        weight_decay: float | None = None,
        sam_base: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sgd"] | None = None,
        sam_rho: float | None = None,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        clip_adaptive: float | None = None,
        random_state: Any = None,
        callbacks: Callback | Sequence[Callback] | None = None,
        verbose: bool | None = None,
        on_interrupt: Literal["raise", "keep"] | None = None,
    ) -> None: ...
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> TextClassifier: ...
    def fit(
        self,
        X: Sequence[str] | ArrayLike | Any,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        layout: _Layout = None,
        *,
        validation: _Pair = None,
        eval_set: _Pair = None,
    ) -> TextClassifier: ...
    def set_fit_request(self, **requests: bool | str | None) -> TextClassifier: ...
    def set_predict_request(self, **requests: bool | str | None) -> TextClassifier: ...
    def set_score_request(self, **requests: bool | str | None) -> TextClassifier: ...
    def get_metadata_routing(self) -> Any: ...
    def partial_fit(
        self,
        X: Sequence[str] | ArrayLike | Any,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
        epochs: int = 1,
        layout: _Layout = None,
    ) -> TextClassifier: ...
    def predict(self, X: Sequence[str] | ArrayLike | Any, layout: _Layout = None) -> NDArray[Any]: ...
    def set_partial_fit_request(self, **requests: bool | str | None) -> TextClassifier: ...
    def set_predict_proba_request(self, **requests: bool | str | None) -> TextClassifier: ...
    def predict_proba(self, X: Sequence[str] | ArrayLike | Any, layout: _Layout = None) -> NDArray[np.float64]: ...
    def predict_log_proba(self, X: Sequence[str] | ArrayLike | Any, layout: _Layout = None) -> NDArray[np.float64]: ...
    def score(
        self,
        X: Sequence[str] | ArrayLike | Any,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        layout: _Layout = None,
    ) -> float: ...
    def save(self, path: str | os.PathLike[str]) -> None: ...
    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> TextClassifier: ...
    @classmethod
    def of_model(cls, model: Model) -> TextClassifier: ...
    @property
    def model_(self) -> Model: ...
    def explain(self, X: Any, **options: Any) -> Explanation: ...

class SoundClassifier:
    classes_: NDArray[Any]
    history_: dict[str, list[float]]
    options_: dict[str, Any]
    n_train_: int
    n_valid_: int
    n_parameters_: int
    n_iter_: int
    best_epoch_: int
    stop_reason_: str
    fit_seconds_: float
    remarks_: list[str]
    def __init__(
        self,
        *,
        preset: Literal["auto", "none", "fast", "good", "best"] | None = None,
        time_limit: str | None = None,
        model: Literal["network", "majority", "tfidf_logistic", "pieces_logistic", "bayes_logistic", "summary_logistic", "mean_logistic", "nn_euclidean", "nn_dtw", "minirocket", "hydra", "mean", "tfidf_ridge", "summary_ridge", "mean_ridge", "neighbour_mean_dtw", "rocket_ridge", "shape_ridge", "interval_forest", "frequent_tag", "entity_dictionary", "feature_crf", "window_logistic", "naive", "seasonal_naive", "drift", "naive2", "theta", "ets", "seasonal_ar", "linear_window"] | None = None,
        ensemble: int | None = None,
        blend: str | None = None,
        blend_weight: float | Literal["auto"] | None = None,
        blend_repeats: int | None = None,
        meanings: str | None = None,
        distil: bool | None = None,
        calibrate: bool | None = None,
        cost: str | None = None,
        normalise: Literal["channel", "series", "none"] | None = None,
        missing: Literal["mask", "interpolate", "zero"] | None = None,
        views: str | None = None,
        conditions: str | None = None,
        words: Literal["rules", "blanks"] | None = None,
        spelling: Literal["none", "convolution", "recurrent"] | None = None,
        max_length: int | None = None,
        sample_rate: int | Literal["auto"] | None = None,
        sound_features: Literal["mfcc", "log_mel"] | None = None,
        mel_bands: int | None = None,
        frame_ms: float | None = None,
        hop_ms: float | None = None,
        mfcc_count: int | None = None,
        deltas: int | None = None,
        cell: Literal["gru", "lstm", "mgu", "rnn", "rnn_relu", "slstm"] | None = None,
        hidden: int | Literal["auto"] | None = None,
        layers: int | None = None,
        bidirectional: bool | None = None,
        pooling: Literal["last", "mean", "max", "concat", "attention", "dot", "multi_head"] | None = None,
        parts: int | None = None,
        attention: Literal["none", "self"] | None = None,
        heads: int | None = None,
        layer_norm: bool | None = None,
        residual: bool | None = None,
        segment: int | None = None,
        spelling_dim: int | None = None,
        recompute: Literal["auto", "never", "always"] | None = None,
        truncate: int | None = None,
        dropout: float | Literal["auto"] | None = None,
        input_dropout: float | None = None,
        recurrent_dropout: float | None = None,
        zoneout: float | None = None,
        weight_drop: float | None = None,
        ar: float | None = None,
        tar: float | None = None,
        lm_loss: float | None = None,
        stem: Literal["none", "depthwise", "full"] | None = None,
        stem_form: Literal["stem", "branch"] | None = None,
        stem_channels: int | None = None,
        stem_layers: int | None = None,
        stem_kernels: str | None = None,
        stem_pool: int | None = None,
        stem_skip: bool | None = None,
        stem_dropout: float | None = None,
        squeeze: bool | None = None,
        label_smoothing: float | None = None,
        class_weight: str | dict[Any, float] | None = None,
        decoder: Literal["auto", "attention", "ctc", "both"] | None = None,
        ctc_weight: float | Literal["auto"] | None = None,
        repeat: int | Literal["auto"] | None = None,
        source_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        reply_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        vocabulary_size: int | Literal["auto"] | None = None,
        shared_vocabulary: bool | None = None,
        decoder_attention: Literal["additive", "dot", "heads"] | None = None,
        decoder_hidden: int | Literal["auto"] | None = None,
        input_feeding: bool | None = None,
        beam: int | Literal["auto"] | None = None,
        n_best: int | None = None,
        length_penalty: float | None = None,
        coverage_penalty: float | None = None,
        sampling: float | None = None,
        language_model: str | None = None,
        language_model_weight: float | None = None,
        symbol_bonus: float | None = None,
        skip_impossible: bool | None = None,
        augment: str | _Spec | Sequence[str | _Spec | dict[str, Any]] | None = None,
        tta: int | None = None,
        valid_fraction: float | Literal["auto"] | None = None,
        refit: bool | None = None,
        init: str | None = None,
        vectors: str | None = None,
        freeze: str | None = None,
        unfreeze_every: int | None = None,
        unfreeze_words: int | None = None,
        layer_lr_decay: float | None = None,
        l2_sp: float | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        patience: int | None = None,
        min_epochs: int | None = None,
        smooth_epochs: int | None = None,
        average: Literal["none", "ema", "swa", "nt_asgd"] | None = None,
        ema_decay: float | None = None,
        swa_share: float | None = None,
        nt_window: int | None = None,
        l1: float | None = None,
        l2: float | None = None,
        penalty: str | None = None,
        max_norm: float | None = None,
        mixup: float | None = None,
        gradient_noise: float | None = None,
        seed: int | None = None,
        threads: int | None = None,
        optimiser: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sam", "lbfgs", "sgd"] | None = None,
        lr: float | Literal["auto"] | None = None,
        schedule: Literal["one_cycle", "cosine", "slanted_triangle", "step", "plateau", "constant"] | None = None,
        warmup: float | None = None,
        plateau_epochs: int | None = None,
        momentum: float | None = None,
        nesterov: bool | None = None,
        beta1: float | None = None,
        beta2: float | None = None,
        alpha: float | None = None,
        epsilon: float | None = None,
        weight_decay: float | None = None,
        sam_base: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sgd"] | None = None,
        sam_rho: float | None = None,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        clip_adaptive: float | None = None,
        random_state: Any = None,
        callbacks: Callback | Sequence[Callback] | None = None,
        verbose: bool | None = None,
        on_interrupt: Literal["raise", "keep"] | None = None,
    ) -> None: ...
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> SoundClassifier: ...
    def fit(
        self,
        X: Sequence[str | os.PathLike[str] | tuple[ArrayLike, int]] | Any,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        layout: _Layout = None,
        *,
        validation: _Pair = None,
        eval_set: _Pair = None,
    ) -> SoundClassifier: ...
    def set_fit_request(self, **requests: bool | str | None) -> SoundClassifier: ...
    def set_predict_request(self, **requests: bool | str | None) -> SoundClassifier: ...
    def set_score_request(self, **requests: bool | str | None) -> SoundClassifier: ...
    def get_metadata_routing(self) -> Any: ...
    def partial_fit(
        self,
        X: Sequence[str | os.PathLike[str] | tuple[ArrayLike, int]] | Any,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
        epochs: int = 1,
        layout: _Layout = None,
    ) -> SoundClassifier: ...
    def predict(self, X: Sequence[str | os.PathLike[str] | tuple[ArrayLike, int]] | Any, layout: _Layout = None) -> NDArray[Any]: ...
    def set_partial_fit_request(self, **requests: bool | str | None) -> SoundClassifier: ...
    def set_predict_proba_request(self, **requests: bool | str | None) -> SoundClassifier: ...
    def predict_proba(self, X: Sequence[str | os.PathLike[str] | tuple[ArrayLike, int]] | Any, layout: _Layout = None) -> NDArray[np.float64]: ...
    def predict_log_proba(self, X: Sequence[str | os.PathLike[str] | tuple[ArrayLike, int]] | Any, layout: _Layout = None) -> NDArray[np.float64]: ...
    def score(
        self,
        X: Sequence[str | os.PathLike[str] | tuple[ArrayLike, int]] | Any,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        layout: _Layout = None,
    ) -> float: ...
    def save(self, path: str | os.PathLike[str]) -> None: ...
    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> SoundClassifier: ...
    @classmethod
    def of_model(cls, model: Model) -> SoundClassifier: ...
    @property
    def model_(self) -> Model: ...
    def explain(self, X: Any, **options: Any) -> Explanation: ...

class SequenceRegressor:
    n_targets_: int
    history_: dict[str, list[float]]
    options_: dict[str, Any]
    n_train_: int
    n_valid_: int
    n_parameters_: int
    n_iter_: int
    best_epoch_: int
    stop_reason_: str
    fit_seconds_: float
    remarks_: list[str]
    n_channels_: int
    n_features_in_: int
    feature_names_in_: NDArray[Any]
    def __init__(
        self,
        *,
        preset: Literal["auto", "none", "fast", "good", "best"] | None = None,
        time_limit: str | None = None,
        model: Literal["network", "majority", "tfidf_logistic", "pieces_logistic", "bayes_logistic", "summary_logistic", "mean_logistic", "nn_euclidean", "nn_dtw", "minirocket", "hydra", "mean", "tfidf_ridge", "summary_ridge", "mean_ridge", "neighbour_mean_dtw", "rocket_ridge", "shape_ridge", "interval_forest", "frequent_tag", "entity_dictionary", "feature_crf", "window_logistic", "naive", "seasonal_naive", "drift", "naive2", "theta", "ets", "seasonal_ar", "linear_window"] | None = None,
        ensemble: int | None = None,
        blend: str | None = None,
        blend_weight: float | Literal["auto"] | None = None,
        blend_repeats: int | None = None,
        meanings: str | None = None,
        distil: bool | None = None,
        streams: str | None = None,
        normalise: Literal["channel", "series", "none"] | None = None,
        missing: Literal["mask", "interpolate", "zero"] | None = None,
        views: str | None = None,
        conditions: str | None = None,
        words: Literal["rules", "blanks"] | None = None,
        spelling: Literal["none", "convolution", "recurrent"] | None = None,
        max_length: int | None = None,
        cell: Literal["gru", "lstm", "mgu", "rnn", "rnn_relu", "slstm"] | None = None,
        hidden: int | Literal["auto"] | None = None,
        layers: int | None = None,
        bidirectional: bool | None = None,
        pooling: Literal["last", "mean", "max", "concat", "attention", "dot", "multi_head"] | None = None,
        parts: int | None = None,
        attention: Literal["none", "self"] | None = None,
        heads: int | None = None,
        layer_norm: bool | None = None,
        residual: bool | None = None,
        segment: int | None = None,
        spelling_dim: int | None = None,
        recompute: Literal["auto", "never", "always"] | None = None,
        truncate: int | None = None,
        dropout: float | Literal["auto"] | None = None,
        input_dropout: float | None = None,
        recurrent_dropout: float | None = None,
        zoneout: float | None = None,
        weight_drop: float | None = None,
        ar: float | None = None,
        tar: float | None = None,
        lm_loss: float | None = None,
        stem: Literal["none", "depthwise", "full"] | None = None,
        stem_form: Literal["stem", "branch"] | None = None,
        stem_channels: int | None = None,
        stem_layers: int | None = None,
        stem_kernels: str | None = None,
        stem_pool: int | None = None,
        stem_skip: bool | None = None,
        stem_dropout: float | None = None,
        squeeze: bool | None = None,
        loss: Literal["squared", "absolute", "huber", "quantile"] | None = None,
        huber_delta: float | None = None,
        interval: float | None = None,
        decoder: Literal["auto", "attention", "ctc", "both"] | None = None,
        ctc_weight: float | Literal["auto"] | None = None,
        repeat: int | Literal["auto"] | None = None,
        source_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        reply_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        vocabulary_size: int | Literal["auto"] | None = None,
        shared_vocabulary: bool | None = None,
        decoder_attention: Literal["additive", "dot", "heads"] | None = None,
        decoder_hidden: int | Literal["auto"] | None = None,
        input_feeding: bool | None = None,
        beam: int | Literal["auto"] | None = None,
        n_best: int | None = None,
        length_penalty: float | None = None,
        coverage_penalty: float | None = None,
        sampling: float | None = None,
        language_model: str | None = None,
        language_model_weight: float | None = None,
        symbol_bonus: float | None = None,
        skip_impossible: bool | None = None,
        augment: str | _Spec | Sequence[str | _Spec | dict[str, Any]] | None = None,
        tta: int | None = None,
        valid_fraction: float | Literal["auto"] | None = None,
        refit: bool | None = None,
        init: str | None = None,
        vectors: str | None = None,
        freeze: str | None = None,
        unfreeze_every: int | None = None,
        unfreeze_words: int | None = None,
        layer_lr_decay: float | None = None,
        l2_sp: float | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        patience: int | None = None,
        min_epochs: int | None = None,
        smooth_epochs: int | None = None,
        average: Literal["none", "ema", "swa", "nt_asgd"] | None = None,
        ema_decay: float | None = None,
        swa_share: float | None = None,
        nt_window: int | None = None,
        l1: float | None = None,
        l2: float | None = None,
        penalty: str | None = None,
        max_norm: float | None = None,
        mixup: float | None = None,
        gradient_noise: float | None = None,
        seed: int | None = None,
        threads: int | None = None,
        optimiser: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sam", "lbfgs", "sgd"] | None = None,
        lr: float | Literal["auto"] | None = None,
        schedule: Literal["one_cycle", "cosine", "slanted_triangle", "step", "plateau", "constant"] | None = None,
        warmup: float | None = None,
        plateau_epochs: int | None = None,
        momentum: float | None = None,
        nesterov: bool | None = None,
        beta1: float | None = None,
        beta2: float | None = None,
        alpha: float | None = None,
        epsilon: float | None = None,
        weight_decay: float | None = None,
        sam_base: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sgd"] | None = None,
        sam_rho: float | None = None,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        clip_adaptive: float | None = None,
        random_state: Any = None,
        callbacks: Callback | Sequence[Callback] | None = None,
        verbose: bool | None = None,
        on_interrupt: Literal["raise", "keep"] | None = None,
        layout: _Layout = None,
    ) -> None: ...
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> SequenceRegressor: ...
    def fit(
        self,
        X: Sequence[ArrayLike] | ArrayLike | Any,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        layout: _Layout = None,
        *,
        validation: _Pair = None,
        eval_set: _Pair = None,
    ) -> SequenceRegressor: ...
    def set_fit_request(self, **requests: bool | str | None) -> SequenceRegressor: ...
    def set_predict_request(self, **requests: bool | str | None) -> SequenceRegressor: ...
    def set_score_request(self, **requests: bool | str | None) -> SequenceRegressor: ...
    def get_metadata_routing(self) -> Any: ...
    def predict(self, X: Sequence[ArrayLike] | ArrayLike | Any, layout: _Layout = None) -> NDArray[Any]: ...
    def predict_interval(
        self, X: Sequence[ArrayLike] | ArrayLike | Any, layout: _Layout = None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
    def score(
        self,
        X: Sequence[ArrayLike] | ArrayLike | Any,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        layout: _Layout = None,
    ) -> float: ...
    def save(self, path: str | os.PathLike[str]) -> None: ...
    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> SequenceRegressor: ...
    @classmethod
    def of_model(cls, model: Model) -> SequenceRegressor: ...
    @property
    def model_(self) -> Model: ...
    def explain(self, X: Any, **options: Any) -> Explanation: ...

class TextRegressor:
    n_targets_: int
    history_: dict[str, list[float]]
    options_: dict[str, Any]
    n_train_: int
    n_valid_: int
    n_parameters_: int
    n_iter_: int
    best_epoch_: int
    stop_reason_: str
    fit_seconds_: float
    remarks_: list[str]
    def __init__(
        self,
        *,
        preset: Literal["auto", "none", "fast", "good", "best"] | None = None,
        time_limit: str | None = None,
        model: Literal["network", "majority", "tfidf_logistic", "pieces_logistic", "bayes_logistic", "summary_logistic", "mean_logistic", "nn_euclidean", "nn_dtw", "minirocket", "hydra", "mean", "tfidf_ridge", "summary_ridge", "mean_ridge", "neighbour_mean_dtw", "rocket_ridge", "shape_ridge", "interval_forest", "frequent_tag", "entity_dictionary", "feature_crf", "window_logistic", "naive", "seasonal_naive", "drift", "naive2", "theta", "ets", "seasonal_ar", "linear_window"] | None = None,
        ensemble: int | None = None,
        blend: str | None = None,
        blend_weight: float | Literal["auto"] | None = None,
        blend_repeats: int | None = None,
        meanings: str | None = None,
        distil: bool | None = None,
        conditions: str | None = None,
        lowercase: bool | None = None,
        words: Literal["rules", "blanks"] | None = None,
        spelling: Literal["none", "convolution", "recurrent"] | None = None,
        min_count: int | None = None,
        max_vocabulary: int | None = None,
        max_length: int | None = None,
        encoder: str | None = None,
        encoder_layer: int | Literal["auto"] | None = None,
        encoder_tune: int | None = None,
        encoder_lr: float | None = None,
        encoder_dropout: float | None = None,
        encoder_cache: str | None = None,
        cell: Literal["gru", "lstm", "mgu", "rnn", "rnn_relu", "slstm"] | None = None,
        hidden: int | Literal["auto"] | None = None,
        layers: int | None = None,
        bidirectional: bool | None = None,
        pooling: Literal["last", "mean", "max", "concat", "attention", "dot", "multi_head"] | None = None,
        parts: int | None = None,
        attention: Literal["none", "self"] | None = None,
        heads: int | None = None,
        layer_norm: bool | None = None,
        residual: bool | None = None,
        segment: int | None = None,
        embedding_dim: int | None = None,
        spelling_dim: int | None = None,
        recompute: Literal["auto", "never", "always"] | None = None,
        truncate: int | None = None,
        dropout: float | Literal["auto"] | None = None,
        input_dropout: float | None = None,
        recurrent_dropout: float | None = None,
        zoneout: float | None = None,
        weight_drop: float | None = None,
        embedding_dropout: float | None = None,
        ar: float | None = None,
        tar: float | None = None,
        lm_loss: float | None = None,
        stem: Literal["none", "depthwise", "full"] | None = None,
        stem_form: Literal["stem", "branch"] | None = None,
        stem_channels: int | None = None,
        stem_layers: int | None = None,
        stem_kernels: str | None = None,
        stem_pool: int | None = None,
        stem_skip: bool | None = None,
        stem_dropout: float | None = None,
        squeeze: bool | None = None,
        loss: Literal["squared", "absolute", "huber", "quantile"] | None = None,
        huber_delta: float | None = None,
        interval: float | None = None,
        decoder: Literal["auto", "attention", "ctc", "both"] | None = None,
        ctc_weight: float | Literal["auto"] | None = None,
        repeat: int | Literal["auto"] | None = None,
        source_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        reply_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        vocabulary_size: int | Literal["auto"] | None = None,
        shared_vocabulary: bool | None = None,
        decoder_attention: Literal["additive", "dot", "heads"] | None = None,
        decoder_hidden: int | Literal["auto"] | None = None,
        input_feeding: bool | None = None,
        beam: int | Literal["auto"] | None = None,
        n_best: int | None = None,
        length_penalty: float | None = None,
        coverage_penalty: float | None = None,
        sampling: float | None = None,
        language_model: str | None = None,
        language_model_weight: float | None = None,
        symbol_bonus: float | None = None,
        skip_impossible: bool | None = None,
        augment: str | _Spec | Sequence[str | _Spec | dict[str, Any]] | None = None,
        tta: int | None = None,
        valid_fraction: float | Literal["auto"] | None = None,
        refit: bool | None = None,
        init: str | None = None,
        vectors: str | None = None,
        freeze: str | None = None,
        unfreeze_every: int | None = None,
        unfreeze_words: int | None = None,
        layer_lr_decay: float | None = None,
        l2_sp: float | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        patience: int | None = None,
        min_epochs: int | None = None,
        smooth_epochs: int | None = None,
        average: Literal["none", "ema", "swa", "nt_asgd"] | None = None,
        ema_decay: float | None = None,
        swa_share: float | None = None,
        nt_window: int | None = None,
        l1: float | None = None,
        l2: float | None = None,
        penalty: str | None = None,
        max_norm: float | None = None,
        mixup: float | None = None,
        gradient_noise: float | None = None,
        seed: int | None = None,
        threads: int | None = None,
        optimiser: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sam", "lbfgs", "sgd"] | None = None,
        lr: float | Literal["auto"] | None = None,
        schedule: Literal["one_cycle", "cosine", "slanted_triangle", "step", "plateau", "constant"] | None = None,
        warmup: float | None = None,
        plateau_epochs: int | None = None,
        momentum: float | None = None,
        nesterov: bool | None = None,
        beta1: float | None = None,
        beta2: float | None = None,
        alpha: float | None = None,
        epsilon: float | None = None,
        weight_decay: float | None = None,
        sam_base: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sgd"] | None = None,
        sam_rho: float | None = None,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        clip_adaptive: float | None = None,
        random_state: Any = None,
        callbacks: Callback | Sequence[Callback] | None = None,
        verbose: bool | None = None,
        on_interrupt: Literal["raise", "keep"] | None = None,
    ) -> None: ...
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> TextRegressor: ...
    def fit(
        self,
        X: Sequence[str] | ArrayLike | Any,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        layout: _Layout = None,
        *,
        validation: _Pair = None,
        eval_set: _Pair = None,
    ) -> TextRegressor: ...
    def set_fit_request(self, **requests: bool | str | None) -> TextRegressor: ...
    def set_predict_request(self, **requests: bool | str | None) -> TextRegressor: ...
    def set_score_request(self, **requests: bool | str | None) -> TextRegressor: ...
    def get_metadata_routing(self) -> Any: ...
    def predict(self, X: Sequence[str] | ArrayLike | Any, layout: _Layout = None) -> NDArray[Any]: ...
    def predict_interval(
        self, X: Sequence[str] | ArrayLike | Any, layout: _Layout = None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
    def score(
        self,
        X: Sequence[str] | ArrayLike | Any,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        layout: _Layout = None,
    ) -> float: ...
    def save(self, path: str | os.PathLike[str]) -> None: ...
    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> TextRegressor: ...
    @classmethod
    def of_model(cls, model: Model) -> TextRegressor: ...
    @property
    def model_(self) -> Model: ...
    def explain(self, X: Any, **options: Any) -> Explanation: ...

class Tagger:
    tags_: NDArray[Any]
    spans_: bool
    classes_: NDArray[Any] | None
    history_: dict[str, list[float]]
    options_: dict[str, Any]
    n_train_: int
    n_valid_: int
    n_parameters_: int
    n_iter_: int
    best_epoch_: int
    stop_reason_: str
    fit_seconds_: float
    remarks_: list[str]
    def __init__(
        self,
        *,
        preset: Literal["auto", "none", "fast", "good", "best"] | None = None,
        time_limit: str | None = None,
        model: Literal["network", "majority", "tfidf_logistic", "pieces_logistic", "bayes_logistic", "summary_logistic", "mean_logistic", "nn_euclidean", "nn_dtw", "minirocket", "hydra", "mean", "tfidf_ridge", "summary_ridge", "mean_ridge", "neighbour_mean_dtw", "rocket_ridge", "shape_ridge", "interval_forest", "frequent_tag", "entity_dictionary", "feature_crf", "window_logistic", "naive", "seasonal_naive", "drift", "naive2", "theta", "ets", "seasonal_ar", "linear_window"] | None = None,
        ensemble: int | None = None,
        blend: str | None = None,
        blend_weight: float | Literal["auto"] | None = None,
        blend_repeats: int | None = None,
        meanings: str | None = None,
        scheme: Literal["auto", "iob1", "bio", "bioes", "bilou", "bmes", "plain"] | None = None,
        normalise: Literal["channel", "series", "none"] | None = None,
        missing: Literal["mask", "interpolate", "zero"] | None = None,
        views: str | None = None,
        conditions: str | None = None,
        lowercase: bool | None = None,
        words: Literal["rules", "blanks"] | None = None,
        spelling: Literal["none", "convolution", "recurrent"] | None = None,
        min_count: int | None = None,
        max_vocabulary: int | None = None,
        cell: Literal["gru", "lstm", "mgu", "rnn", "rnn_relu", "slstm"] | None = None,
        hidden: int | Literal["auto"] | None = None,
        layers: int | None = None,
        bidirectional: bool | None = None,
        pooling: Literal["last", "mean", "max", "concat", "attention", "dot", "multi_head"] | None = None,
        parts: int | None = None,
        attention: Literal["none", "self"] | None = None,
        heads: int | None = None,
        layer_norm: bool | None = None,
        residual: bool | None = None,
        segment: int | None = None,
        embedding_dim: int | None = None,
        spelling_dim: int | None = None,
        recompute: Literal["auto", "never", "always"] | None = None,
        truncate: int | None = None,
        dropout: float | Literal["auto"] | None = None,
        input_dropout: float | None = None,
        recurrent_dropout: float | None = None,
        zoneout: float | None = None,
        weight_drop: float | None = None,
        embedding_dropout: float | None = None,
        ar: float | None = None,
        tar: float | None = None,
        stem: Literal["none", "depthwise", "full"] | None = None,
        stem_form: Literal["stem", "branch"] | None = None,
        stem_channels: int | None = None,
        stem_layers: int | None = None,
        stem_kernels: str | None = None,
        stem_pool: int | None = None,
        stem_skip: bool | None = None,
        stem_dropout: float | None = None,
        squeeze: bool | None = None,
        class_weight: str | dict[Any, float] | None = None,
        head: Literal["crf", "softmax"] | None = None,
        span_tags: Literal["bio", "bioes"] | None = None,
        also: Literal["nothing", "label"] | None = None,
        also_weight: float | None = None,
        decoder: Literal["auto", "attention", "ctc", "both"] | None = None,
        ctc_weight: float | Literal["auto"] | None = None,
        repeat: int | Literal["auto"] | None = None,
        source_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        reply_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        vocabulary_size: int | Literal["auto"] | None = None,
        shared_vocabulary: bool | None = None,
        decoder_attention: Literal["additive", "dot", "heads"] | None = None,
        decoder_hidden: int | Literal["auto"] | None = None,
        input_feeding: bool | None = None,
        beam: int | Literal["auto"] | None = None,
        n_best: int | None = None,
        length_penalty: float | None = None,
        coverage_penalty: float | None = None,
        sampling: float | None = None,
        language_model: str | None = None,
        language_model_weight: float | None = None,
        symbol_bonus: float | None = None,
        skip_impossible: bool | None = None,
        augment: str | _Spec | Sequence[str | _Spec | dict[str, Any]] | None = None,
        valid_fraction: float | Literal["auto"] | None = None,
        refit: bool | None = None,
        init: str | None = None,
        vectors: str | None = None,
        freeze: str | None = None,
        unfreeze_every: int | None = None,
        unfreeze_words: int | None = None,
        layer_lr_decay: float | None = None,
        l2_sp: float | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        patience: int | None = None,
        min_epochs: int | None = None,
        smooth_epochs: int | None = None,
        average: Literal["none", "ema", "swa", "nt_asgd"] | None = None,
        ema_decay: float | None = None,
        swa_share: float | None = None,
        nt_window: int | None = None,
        l1: float | None = None,
        l2: float | None = None,
        penalty: str | None = None,
        max_norm: float | None = None,
        gradient_noise: float | None = None,
        seed: int | None = None,
        threads: int | None = None,
        optimiser: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sam", "lbfgs", "sgd"] | None = None,
        lr: float | Literal["auto"] | None = None,
        schedule: Literal["one_cycle", "cosine", "slanted_triangle", "step", "plateau", "constant"] | None = None,
        warmup: float | None = None,
        plateau_epochs: int | None = None,
        momentum: float | None = None,
        nesterov: bool | None = None,
        beta1: float | None = None,
        beta2: float | None = None,
        alpha: float | None = None,
        epsilon: float | None = None,
        weight_decay: float | None = None,
        sam_base: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sgd"] | None = None,
        sam_rho: float | None = None,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        clip_adaptive: float | None = None,
        random_state: Any = None,
        callbacks: Callback | Sequence[Callback] | None = None,
        verbose: bool | None = None,
        on_interrupt: Literal["raise", "keep"] | None = None,
        layout: _Layout = None,
    ) -> None: ...
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> Tagger: ...
    def fit(
        self,
        X: Sequence[Sequence[str]] | Sequence[str] | Sequence[ArrayLike] | Any,
        y: Sequence[Any],
        groups: ArrayLike | None = None,
        labels: ArrayLike | None = None,
        *,
        validation: _Pair = None,
        eval_set: _Pair = None,
    ) -> Tagger: ...
    def set_fit_request(self, **requests: bool | str | None) -> Tagger: ...
    def get_metadata_routing(self) -> Any: ...
    def predict(self, X: Sequence[Sequence[str]] | Sequence[str] | Sequence[ArrayLike] | Any) -> list[list[Any]]: ...
    def predict_labels(self, X: Sequence[Sequence[str]] | Sequence[str] | Sequence[ArrayLike] | Any) -> NDArray[Any]: ...
    def predict_marginals(self, X: Sequence[Sequence[str]] | Sequence[str] | Sequence[ArrayLike] | Any) -> list[NDArray[np.float64]]: ...
    def score(self, X: Sequence[Sequence[str]] | Sequence[str] | Sequence[ArrayLike] | Any, y: Sequence[Any]) -> float: ...
    def save(self, path: str | os.PathLike[str]) -> None: ...
    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Tagger: ...
    @classmethod
    def of_model(cls, model: Model) -> Tagger: ...
    @property
    def model_(self) -> Model: ...
    def explain(self, X: Any, **options: Any) -> Explanation: ...

class Translator:
    history_: dict[str, list[float]]
    options_: dict[str, Any]
    n_train_: int
    n_valid_: int
    n_parameters_: int
    n_iter_: int
    best_epoch_: int
    stop_reason_: str
    fit_seconds_: float
    remarks_: list[str]
    def __init__(
        self,
        *,
        preset: Literal["auto", "none", "fast", "good", "best"] | None = None,
        time_limit: str | None = None,
        ensemble: int | None = None,
        cell: Literal["gru", "lstm", "mgu", "rnn", "rnn_relu", "slstm"] | None = None,
        hidden: int | Literal["auto"] | None = None,
        layers: int | None = None,
        bidirectional: bool | None = None,
        attention: Literal["none", "self"] | None = None,
        heads: int | None = None,
        layer_norm: bool | None = None,
        residual: bool | None = None,
        segment: int | None = None,
        embedding_dim: int | None = None,
        recompute: Literal["auto", "never", "always"] | None = None,
        truncate: int | None = None,
        dropout: float | Literal["auto"] | None = None,
        input_dropout: float | None = None,
        recurrent_dropout: float | None = None,
        zoneout: float | None = None,
        weight_drop: float | None = None,
        embedding_dropout: float | None = None,
        ar: float | None = None,
        tar: float | None = None,
        stem: Literal["none", "depthwise", "full"] | None = None,
        stem_form: Literal["stem", "branch"] | None = None,
        stem_channels: int | None = None,
        stem_layers: int | None = None,
        stem_kernels: str | None = None,
        stem_pool: int | None = None,
        stem_skip: bool | None = None,
        stem_dropout: float | None = None,
        squeeze: bool | None = None,
        label_smoothing: float | None = None,
        decoder: Literal["auto", "attention", "ctc", "both"] | None = None,
        ctc_weight: float | Literal["auto"] | None = None,
        repeat: int | Literal["auto"] | None = None,
        source_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        reply_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        vocabulary_size: int | Literal["auto"] | None = None,
        shared_vocabulary: bool | None = None,
        decoder_attention: Literal["additive", "dot", "heads"] | None = None,
        decoder_hidden: int | Literal["auto"] | None = None,
        input_feeding: bool | None = None,
        beam: int | Literal["auto"] | None = None,
        length_penalty: float | None = None,
        coverage_penalty: float | None = None,
        sampling: float | None = None,
        language_model: str | None = None,
        language_model_weight: float | None = None,
        symbol_bonus: float | None = None,
        skip_impossible: bool | None = None,
        augment: str | _Spec | Sequence[str | _Spec | dict[str, Any]] | None = None,
        valid_fraction: float | Literal["auto"] | None = None,
        init: str | None = None,
        freeze: str | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        patience: int | None = None,
        min_epochs: int | None = None,
        smooth_epochs: int | None = None,
        average: Literal["none", "ema", "swa", "nt_asgd"] | None = None,
        ema_decay: float | None = None,
        swa_share: float | None = None,
        nt_window: int | None = None,
        l1: float | None = None,
        l2: float | None = None,
        penalty: str | None = None,
        max_norm: float | None = None,
        gradient_noise: float | None = None,
        seed: int | None = None,
        threads: int | None = None,
        optimiser: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sam", "lbfgs", "sgd"] | None = None,
        lr: float | Literal["auto"] | None = None,
        schedule: Literal["one_cycle", "cosine", "slanted_triangle", "step", "plateau", "constant"] | None = None,
        warmup: float | None = None,
        plateau_epochs: int | None = None,
        momentum: float | None = None,
        nesterov: bool | None = None,
        beta1: float | None = None,
        beta2: float | None = None,
        alpha: float | None = None,
        epsilon: float | None = None,
        weight_decay: float | None = None,
        sam_base: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sgd"] | None = None,
        sam_rho: float | None = None,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        clip_adaptive: float | None = None,
        random_state: Any = None,
        callbacks: Callback | Sequence[Callback] | None = None,
        verbose: bool | None = None,
        on_interrupt: Literal["raise", "keep"] | None = None,
    ) -> None: ...
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> Translator: ...
    def fit(
        self,
        X: Sequence[str] | ArrayLike | Any,
        y: Sequence[str] | ArrayLike | Any,
        groups: ArrayLike | None = None,
        *,
        validation: _Pair = None,
        eval_set: _Pair = None,
    ) -> Translator: ...
    def set_fit_request(self, **requests: bool | str | None) -> Translator: ...
    def get_metadata_routing(self) -> Any: ...
    def predict(self, X: Sequence[str] | ArrayLike | Any) -> NDArray[Any]: ...
    def predict_n_best(self, X: Sequence[str] | ArrayLike | Any, n: int = 3) -> list[list[Reply]]: ...
    def evaluate(
        self,
        X: Sequence[str] | ArrayLike | Any,
        y: Sequence[str] | ArrayLike | Any,
        groups: ArrayLike | None = None,
    ) -> dict[str, Score]: ...
    def score(self, X: Sequence[str] | ArrayLike | Any, y: Sequence[str] | ArrayLike | Any) -> float: ...
    def save(self, path: _Path) -> None: ...
    @classmethod
    def load(cls, path: _Path) -> Translator: ...

class Transcriber:
    history_: dict[str, list[float]]
    options_: dict[str, Any]
    n_train_: int
    n_valid_: int
    n_parameters_: int
    n_iter_: int
    best_epoch_: int
    stop_reason_: str
    fit_seconds_: float
    remarks_: list[str]
    n_channels_: int
    def __init__(
        self,
        *,
        preset: Literal["auto", "none", "fast", "good", "best"] | None = None,
        time_limit: str | None = None,
        ensemble: int | None = None,
        normalise: Literal["channel", "series", "none"] | None = None,
        missing: Literal["mask", "interpolate", "zero"] | None = None,
        views: str | None = None,
        sample_rate: int | Literal["auto"] | None = None,
        sound_features: Literal["mfcc", "log_mel"] | None = None,
        mel_bands: int | None = None,
        frame_ms: float | None = None,
        hop_ms: float | None = None,
        mfcc_count: int | None = None,
        deltas: int | None = None,
        cell: Literal["gru", "lstm", "mgu", "rnn", "rnn_relu", "slstm"] | None = None,
        hidden: int | Literal["auto"] | None = None,
        layers: int | None = None,
        bidirectional: bool | None = None,
        attention: Literal["none", "self"] | None = None,
        heads: int | None = None,
        layer_norm: bool | None = None,
        residual: bool | None = None,
        segment: int | None = None,
        recompute: Literal["auto", "never", "always"] | None = None,
        truncate: int | None = None,
        dropout: float | Literal["auto"] | None = None,
        input_dropout: float | None = None,
        recurrent_dropout: float | None = None,
        zoneout: float | None = None,
        weight_drop: float | None = None,
        ar: float | None = None,
        tar: float | None = None,
        stem: Literal["none", "depthwise", "full"] | None = None,
        stem_form: Literal["stem", "branch"] | None = None,
        stem_channels: int | None = None,
        stem_layers: int | None = None,
        stem_kernels: str | None = None,
        stem_pool: int | None = None,
        stem_skip: bool | None = None,
        stem_dropout: float | None = None,
        squeeze: bool | None = None,
        label_smoothing: float | None = None,
        decoder: Literal["auto", "attention", "ctc", "both"] | None = None,
        ctc_weight: float | Literal["auto"] | None = None,
        repeat: int | Literal["auto"] | None = None,
        source_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        reply_units: Literal["auto", "characters", "tokens", "subwords"] | None = None,
        vocabulary_size: int | Literal["auto"] | None = None,
        shared_vocabulary: bool | None = None,
        decoder_attention: Literal["additive", "dot", "heads"] | None = None,
        decoder_hidden: int | Literal["auto"] | None = None,
        input_feeding: bool | None = None,
        beam: int | Literal["auto"] | None = None,
        length_penalty: float | None = None,
        coverage_penalty: float | None = None,
        sampling: float | None = None,
        language_model: str | None = None,
        language_model_weight: float | None = None,
        symbol_bonus: float | None = None,
        skip_impossible: bool | None = None,
        augment: str | _Spec | Sequence[str | _Spec | dict[str, Any]] | None = None,
        valid_fraction: float | Literal["auto"] | None = None,
        init: str | None = None,
        freeze: str | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        patience: int | None = None,
        min_epochs: int | None = None,
        smooth_epochs: int | None = None,
        average: Literal["none", "ema", "swa", "nt_asgd"] | None = None,
        ema_decay: float | None = None,
        swa_share: float | None = None,
        nt_window: int | None = None,
        l1: float | None = None,
        l2: float | None = None,
        penalty: str | None = None,
        max_norm: float | None = None,
        gradient_noise: float | None = None,
        seed: int | None = None,
        threads: int | None = None,
        optimiser: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sam", "lbfgs", "sgd"] | None = None,
        lr: float | Literal["auto"] | None = None,
        schedule: Literal["one_cycle", "cosine", "slanted_triangle", "step", "plateau", "constant"] | None = None,
        warmup: float | None = None,
        plateau_epochs: int | None = None,
        momentum: float | None = None,
        nesterov: bool | None = None,
        beta1: float | None = None,
        beta2: float | None = None,
        alpha: float | None = None,
        epsilon: float | None = None,
        weight_decay: float | None = None,
        sam_base: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sgd"] | None = None,
        sam_rho: float | None = None,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        clip_adaptive: float | None = None,
        random_state: Any = None,
        callbacks: Callback | Sequence[Callback] | None = None,
        verbose: bool | None = None,
        on_interrupt: Literal["raise", "keep"] | None = None,
        layout: _Layout = None,
        rate: int | None = None,
    ) -> None: ...
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> Transcriber: ...
    def fit(
        self,
        X: Sequence[str | os.PathLike[str] | tuple[ArrayLike, int]] | Sequence[ArrayLike] | ArrayLike | Any,
        y: Sequence[str] | ArrayLike | Any,
        groups: ArrayLike | None = None,
        *,
        validation: _Pair = None,
        eval_set: _Pair = None,
    ) -> Transcriber: ...
    def set_fit_request(self, **requests: bool | str | None) -> Transcriber: ...
    def get_metadata_routing(self) -> Any: ...
    def predict(self, X: Sequence[str | os.PathLike[str] | tuple[ArrayLike, int]] | Sequence[ArrayLike] | ArrayLike | Any) -> NDArray[Any]: ...
    def predict_n_best(self, X: Sequence[str | os.PathLike[str] | tuple[ArrayLike, int]] | Sequence[ArrayLike] | ArrayLike | Any, n: int = 3) -> list[list[Reply]]: ...
    def predict_times(self, X: Sequence[str | os.PathLike[str] | tuple[ArrayLike, int]] | Sequence[ArrayLike] | ArrayLike | Any) -> list[list[tuple[str, float, float]]] | None: ...
    def evaluate(
        self,
        X: Sequence[str | os.PathLike[str] | tuple[ArrayLike, int]] | Sequence[ArrayLike] | ArrayLike | Any,
        y: Sequence[str] | ArrayLike | Any,
        groups: ArrayLike | None = None,
    ) -> dict[str, Score]: ...
    def score(self, X: Sequence[str | os.PathLike[str] | tuple[ArrayLike, int]] | Sequence[ArrayLike] | ArrayLike | Any, y: Sequence[str] | ArrayLike | Any) -> float: ...
    def save(self, path: _Path) -> None: ...
    @classmethod
    def load(cls, path: _Path) -> Transcriber: ...

class Forecaster:
    horizon_: int
    quantiles_: list[float]
    seasons_: list[int]
    weights_: dict[str, float]
    n_parameters_: int
    remarks_: list[str]
    def __init__(
        self,
        *,
        preset: Literal["auto", "none", "fast", "good", "best"] | None = None,
        time_limit: str | None = None,
        model: Literal["network", "majority", "tfidf_logistic", "pieces_logistic", "bayes_logistic", "summary_logistic", "mean_logistic", "nn_euclidean", "nn_dtw", "minirocket", "hydra", "mean", "tfidf_ridge", "summary_ridge", "mean_ridge", "neighbour_mean_dtw", "rocket_ridge", "shape_ridge", "interval_forest", "frequent_tag", "entity_dictionary", "feature_crf", "window_logistic", "naive", "seasonal_naive", "drift", "naive2", "theta", "ets", "seasonal_ar", "linear_window"] | None = None,
        ensemble: int | None = None,
        blend: str | None = None,
        format: Literal["auto", "ts", "arff", "jsonl", "fasttext", "long-csv", "word-csv", "text-csv", "wide-csv", "conll", "cmapss", "run-to-failure", "ucr", "text-tab-label", "label-text", "text-lines", "sound-manifest", "word-tag-folder", "brat", "sound-folder", "sound-file", "tsf", "long", "columns", "rows", "parallel", "jsonl-pairs", "tsv-pairs", "csv-pairs", "source-lines"] | None = None,
        encoding: str | None = None,
        target: str | None = None,
        id: str | None = None,
        time_column: str | None = None,
        decimal: Literal["auto", ".", ","] | None = None,
        missing_values: str | None = None,
        cell: Literal["gru", "lstm", "mgu", "rnn", "rnn_relu", "slstm"] | None = None,
        hidden: int | Literal["auto"] | None = None,
        layers: int | None = None,
        layer_norm: bool | None = None,
        residual: bool | None = None,
        segment: int | None = None,
        dropout: float | Literal["auto"] | None = None,
        recurrent_dropout: float | None = None,
        zoneout: float | None = None,
        weight_drop: float | None = None,
        horizon: int | Literal["auto"] | None = None,
        season: str | None = None,
        known: str | None = None,
        past: str | None = None,
        fixed: str | None = None,
        window: int | Literal["auto"] | None = None,
        linear_steps: int | Literal["auto"] | None = None,
        transform: Literal["auto", "none", "log"] | None = None,
        level: Literal["auto", "none", "last", "season", "window", "smoothing"] | None = None,
        spread: Literal["auto", "none", "ratio", "window", "series"] | None = None,
        distribution: Literal["quantile", "point", "gaussian", "student_t", "negative_binomial"] | None = None,
        decoding: Literal["direct", "recursive"] | None = None,
        quantiles: str | None = None,
        holdout: bool | None = None,
        origins: int | Literal["all"] | None = None,
        stride: int | Literal["auto"] | None = None,
        split: str | None = None,
        refit: bool | None = None,
        init: str | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        patience: int | None = None,
        average: Literal["none", "ema", "swa", "nt_asgd"] | None = None,
        ema_decay: float | None = None,
        swa_share: float | None = None,
        nt_window: int | None = None,
        l1: float | None = None,
        l2: float | None = None,
        penalty: str | None = None,
        max_norm: float | None = None,
        gradient_noise: float | None = None,
        seed: int | None = None,
        threads: int | None = None,
        optimiser: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sam", "lbfgs", "sgd"] | None = None,
        lr: float | Literal["auto"] | None = None,
        schedule: Literal["one_cycle", "cosine", "slanted_triangle", "step", "plateau", "constant"] | None = None,
        warmup: float | None = None,
        plateau_epochs: int | None = None,
        momentum: float | None = None,
        nesterov: bool | None = None,
        beta1: float | None = None,
        beta2: float | None = None,
        alpha: float | None = None,
        epsilon: float | None = None,
        weight_decay: float | None = None,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        clip_adaptive: float | None = None,
        random_state: Any = None,
        callbacks: Callback | Sequence[Callback] | None = None,
        verbose: bool | None = None,
        on_interrupt: Literal["raise", "keep"] | None = None,
    ) -> None: ...
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> Forecaster: ...
    def fit(self, X: Any, y: None = None, *, horizon: int | None = None) -> Forecaster: ...
    def predict(self, X: Any = None) -> Any: ...
    def predict_quantiles(self, X: Any = None) -> NDArray[np.float64]: ...
    def explain(
        self,
        X: Any = None,
        *,
        method: str = "",
        step: int = 0,
        segments: int = -1,
        draws: int = 0,
        seed: int = 1,
        checks: bool = True,
    ) -> Explanation: ...
    def cross_validate(self, X: Any, *, origins: int = 1) -> dict[str, dict[str, Score]]: ...
    def score(self, X: Any, y: None = None) -> float: ...
    def save(self, path: _Path) -> None: ...
    @classmethod
    def load(cls, path: _Path) -> Forecaster: ...

class LanguageModel:
    score_: Score
    metrics_: dict[str, Score]
    baselines_: dict[str, Score]
    report_: dict[str, Any]
    history_: dict[str, list[float]]
    options_: dict[str, Any]
    unit_: str
    n_vocabulary_: int
    n_train_: int
    n_valid_: int
    n_parameters_: int
    n_iter_: int
    best_epoch_: int
    stop_reason_: str
    fit_seconds_: float
    remarks_: list[str]
    def __init__(
        self,
        *,
        unit: Literal["character", "word", "subword"] | None = None,
        tokens: Literal["auto", "rules", "spaces"] | None = None,
        lowercase: bool | None = None,
        min_count: int | Literal["auto"] | None = None,
        max_vocabulary: int | None = None,
        vocabulary_size: int | Literal["auto"] | None = None,
        sentencepiece: str | None = None,
        cell: Literal["gru", "lstm", "mgu", "rnn", "rnn_relu", "slstm"] | None = None,
        hidden: int | Literal["auto"] | None = None,
        layers: int | Literal["auto"] | None = None,
        bidirectional: bool | None = None,
        embedding_dim: int | Literal["auto"] | None = None,
        tied: Literal["auto", "yes", "no"] | None = None,
        softmax: Literal["auto", "full", "adaptive"] | None = None,
        dropout: float | Literal["auto"] | None = None,
        input_dropout: float | Literal["auto"] | None = None,
        recurrent_dropout: float | None = None,
        zoneout: float | None = None,
        weight_drop: float | Literal["auto"] | None = None,
        embedding_dropout: float | Literal["auto"] | None = None,
        ar: float | None = None,
        tar: float | None = None,
        bptt: int | Literal["auto"] | None = None,
        jitter: bool | None = None,
        zero_state: float | Literal["auto"] | None = None,
        valid_fraction: float | Literal["auto"] | None = None,
        time_limit: str | None = None,
        baselines: bool | None = None,
        blend: Literal["auto", "kneser_ney", "none"] | None = None,
        ngram_order: int | Literal["auto"] | None = None,
        encoding: str | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        patience: int | None = None,
        average: Literal["none", "ema", "swa", "nt_asgd"] | None = None,
        ema_decay: float | None = None,
        swa_share: float | None = None,
        nt_window: int | None = None,
        l1: float | None = None,
        l2: float | None = None,
        penalty: str | None = None,
        max_norm: float | None = None,
        gradient_noise: float | None = None,
        seed: int | None = None,
        threads: int | None = None,
        optimiser: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sgd"] | None = None,
        lr: float | Literal["auto"] | None = None,
        schedule: Literal["one_cycle", "cosine", "slanted_triangle", "step", "plateau", "constant"] | None = None,
        warmup: float | None = None,
        plateau_epochs: int | None = None,
        momentum: float | None = None,
        nesterov: bool | None = None,
        beta1: float | None = None,
        beta2: float | None = None,
        alpha: float | None = None,
        epsilon: float | None = None,
        weight_decay: float | None = None,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        clip_adaptive: float | None = None,
        random_state: Any = None,
        callbacks: Callback | Sequence[Callback] | None = None,
        verbose: bool | None = None,
        on_interrupt: Literal["raise", "keep"] | None = None,
    ) -> None: ...
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> LanguageModel: ...
    def fit(
        self, text: _Texts, y: None = None, *, valid: _Texts | None = None, test: _Texts | None = None
    ) -> LanguageModel: ...
    def score(self, text: _Texts, y: None = None) -> Score: ...
    def evaluate(self, text: _Texts) -> dict[str, Any]: ...
    def generate(
        self,
        prompt: str = "",
        length: int = 500,
        temperature: float = 1.0,
        top_p: float = 1.0,
        seed: int = 1,
    ) -> str: ...
    def save(self, path: _Path) -> None: ...
    @classmethod
    def load(cls, path: _Path) -> LanguageModel: ...

def pretrain(
    data: _Texts,
    *,
    valid: _Texts | None = None,
    test: _Texts | None = None,
    out: _Path | None = None,
    checkpoint: _Path | None = None,
    resume: bool = False,
    unit: Literal["character", "word", "subword"] | None = None,
    tokens: Literal["auto", "rules", "spaces"] | None = None,
    lowercase: bool | None = None,
    min_count: int | Literal["auto"] | None = None,
    max_vocabulary: int | None = None,
    vocabulary_size: int | Literal["auto"] | None = None,
    sentencepiece: str | None = None,
    cell: Literal["gru", "lstm", "mgu", "rnn", "rnn_relu", "slstm"] | None = None,
    hidden: int | Literal["auto"] | None = None,
    layers: int | Literal["auto"] | None = None,
    bidirectional: bool | None = None,
    embedding_dim: int | Literal["auto"] | None = None,
    tied: Literal["auto", "yes", "no"] | None = None,
    softmax: Literal["auto", "full", "adaptive"] | None = None,
    dropout: float | Literal["auto"] | None = None,
    input_dropout: float | Literal["auto"] | None = None,
    recurrent_dropout: float | None = None,
    zoneout: float | None = None,
    weight_drop: float | Literal["auto"] | None = None,
    embedding_dropout: float | Literal["auto"] | None = None,
    ar: float | None = None,
    tar: float | None = None,
    bptt: int | Literal["auto"] | None = None,
    jitter: bool | None = None,
    zero_state: float | Literal["auto"] | None = None,
    valid_fraction: float | Literal["auto"] | None = None,
    time_limit: str | None = None,
    baselines: bool | None = None,
    blend: Literal["auto", "kneser_ney", "none"] | None = None,
    ngram_order: int | Literal["auto"] | None = None,
    encoding: str | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    patience: int | None = None,
    average: Literal["none", "ema", "swa", "nt_asgd"] | None = None,
    ema_decay: float | None = None,
    swa_share: float | None = None,
    nt_window: int | None = None,
    l1: float | None = None,
    l2: float | None = None,
    penalty: str | None = None,
    max_norm: float | None = None,
    gradient_noise: float | None = None,
    seed: int | None = None,
    threads: int | None = None,
    optimiser: Literal["adamw", "adam", "rmsprop", "nadam", "radam", "adagrad", "lion", "sgd"] | None = None,
    lr: float | Literal["auto"] | None = None,
    schedule: Literal["one_cycle", "cosine", "slanted_triangle", "step", "plateau", "constant"] | None = None,
    warmup: float | None = None,
    plateau_epochs: int | None = None,
    momentum: float | None = None,
    nesterov: bool | None = None,
    beta1: float | None = None,
    beta2: float | None = None,
    alpha: float | None = None,
    epsilon: float | None = None,
    weight_decay: float | None = None,
    clip_norm: float | None = None,
    clip_value: float | None = None,
    clip_adaptive: float | None = None,
    random_state: Any = None,
    callbacks: Callback | Sequence[Callback] | None = None,
    verbose: bool | None = None,
    on_interrupt: Literal["raise", "keep"] | None = None,
) -> LanguageModel: ...

def pretrain_series(
    data: _Path | Sequence[_Path],
    *,
    out: _Path | None = None,
    checkpoint: _Path | None = None,
    resume: bool = False,
    callback: Callable[[dict[str, Any]], Any] | None = None,
    **options: str | int | float | bool,
) -> dict[str, Any]: ...
