from typing import NamedTuple

class Reply(NamedTuple):
    text: str
    log_probability: float
    score: float
