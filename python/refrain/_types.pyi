"""Names of types that several stubs use."""

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, TypeAlias

from numpy.typing import ArrayLike

Path: TypeAlias = str | os.PathLike[str]
Layout: TypeAlias = Literal["time_channels", "channels_time"] | None
Callback: TypeAlias = Callable[[dict[str, float]], object]
Series: TypeAlias = Sequence[ArrayLike] | ArrayLike | Any
Samples: TypeAlias = Any
Texts: TypeAlias = Path | Iterable[str]
