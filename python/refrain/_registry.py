"""Which estimator there is for which samples and task; ``_estimators.py`` fills the list."""

import importlib

ESTIMATORS = {}  # by name


def class_for(kind, task="classify"):
    """The name of the estimator for samples of this kind and this task."""
    importlib.import_module("._estimators", __package__)
    for name, estimator in ESTIMATORS.items():
        if estimator._task == task and estimator._kind in (kind, "tagged"):
            return name
    raise ValueError(f"there is no estimator for {kind} and the task {task}")


def channels_of_model(about):
    """The channels that a series must have; where they are divided into streams, the least."""
    streams = about["features"]["streams"]
    places = [place for stream in streams for place in stream.get("places", ())]
    return max(places) if places else streams[0].get("channels", 0)


def kind_of_model(about):
    """The kind of samples that a model of this description takes."""
    stream = about["features"]["streams"][0]
    if stream.get("from_text"):  # read through an encoder
        return "text"
    return "sound" if stream.get("from_sound") else stream["kind"]
