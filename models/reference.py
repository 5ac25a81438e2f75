"""The embedding model as sentence-transformers itself runs it: the reference for every other encoder."""

import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Advance = Callable[[int], None]  # called with how many texts of a batch are done; rich calls this "advance"

PROBE = (
    "",
    "Telling employees how they are doing",
    "What we learned running a small cluster for five departments. Two people, one budget, and no night shift.",
    "Übung, naïveté, 東京 and a rocket 🚀; tabs\tand\nlines",
    "RFC 9309 / v2.1.0-rc3 (CVE-2021-44228) — e.g. f(x) = x**2, 1e-9",
    "word " * 40,
    "A sentence that says little. " * 12,
    "Data management plans and storage quotas in a hundred words or so. " * 9,
    "Longer than the model reads: research software engineers, queues, containers, grants. " * 40,
    "calls for papers: submissions close soon",
    "GPU",
    "Die Rechenzeit ist knapp. Le calcul coûte cher. El tiempo es oro.",
)


class Reference:
    """The model run by sentence-transformers in fp32."""

    name = "sentence-transformers fp32"
    batch = 32

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        os.environ["HF_HUB_OFFLINE"] = "1"
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()
        logging.getLogger("sentence_transformers").setLevel(logging.ERROR)  # it warns about its own deprecated names
        self.model: Any = SentenceTransformer(str(folder), device=device)

    def encode(self, texts: Sequence[str], advance: Advance | None = None) -> Vectors:
        """Return unit rows. Texts are passed in chunks, to report progress; `encode` sorts each by length."""
        found: list[Vectors] = []
        for start in range(0, len(texts), 16 * self.batch):
            some = list(texts[start : start + 16 * self.batch])
            found.append(
                # the prompt stands in the texts already, for every encoder alike
                self.model.encode(
                    some, prompt="", batch_size=self.batch, normalize_embeddings=True, show_progress_bar=False
                )
            )
            if advance:
                advance(len(some))
        return np.concatenate(found).astype(np.float32)
