"""scikit-learn's metadata routing, without importing scikit-learn before it is asked for."""

_METADATA = {
    "fit": ("sample_weight", "groups", "layout", "validation", "eval_set", "labels"),
    "partial_fit": ("sample_weight", "classes", "epochs", "layout"),
    "predict": ("layout",),
    "predict_proba": ("layout",),
    "score": ("sample_weight", "layout"),
}


def _metadata_of(owner, method):
    """Those that the class's method has."""
    import inspect

    function = getattr(owner, method, None)
    if function is None:
        return ()
    known = inspect.signature(function).parameters
    return tuple(name for name in _METADATA[method] if name in known)


def _setter(method):
    def set_request(self, **requests):
        from sklearn import get_config
        from sklearn.utils.metadata_routing import UNCHANGED

        if not get_config().get("enable_metadata_routing"):
            raise RuntimeError(
                "This method is only available when metadata routing is enabled. You can enable it "
                "using sklearn.set_config(enable_metadata_routing=True)."
            )
        known = _metadata_of(type(self), method)
        unknown = sorted(set(requests) - set(known))
        if unknown:
            raise TypeError(
                f"Unexpected args: {unknown} in {method}. Accepted arguments are: {sorted(known)}"
            )
        request = self._get_metadata_request()
        for name, alias in requests.items():
            if alias is not UNCHANGED:
                getattr(request, method).add_request(param=name, alias=alias)
        self._metadata_request = request
        return self

    set_request.__name__ = f"set_{method}_request"
    set_request.__doc__ = f"""Says which metadata a router of scikit-learn passes to ``{method}``.

        Each is True (pass it), False (do not), None (an error where it is given) or the name that
        the caller gives it. Needs ``sklearn.set_config(enable_metadata_routing=True)``.

        Returns
        -------
        self
        """
    return set_request


class Routed:
    """The methods that routers of scikit-learn call."""

    set_fit_request = _setter("fit")
    set_predict_request = _setter("predict")
    set_score_request = _setter("score")

    def _get_metadata_request(self):
        from copy import deepcopy

        from sklearn.utils.metadata_routing import MetadataRequest

        if "_metadata_request" in self.__dict__:
            return deepcopy(self._metadata_request)
        request = MetadataRequest(owner=self)
        for method in _METADATA:
            for name in _metadata_of(type(self), method):
                getattr(request, method).add_request(param=name, alias=None)
        return request

    def get_metadata_routing(self):
        """What each method takes beside X and y, for routers of scikit-learn."""
        return self._get_metadata_request()


class RoutedClassifier(Routed):
    """Of what has probabilities and can be trained further."""

    set_partial_fit_request = _setter("partial_fit")
    set_predict_proba_request = _setter("predict_proba")
