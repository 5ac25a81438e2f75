"""Conditional logit: the choice of one of several alternatives by their features, with weights that all share."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax


def conditional_logit(
    features: NDArray[np.float64],
    y: NDArray[Any],
    C: float,
    *,
    offset: NDArray[np.float64] | float = 0.0,
    sample_weight: NDArray[np.float64] | float = 1.0,
) -> NDArray[np.float64]:
    """Fit weights shared by all sections to the chosen sections by penalised maximum likelihood.

    Parameters
    ----------
    features : array of shape (n, n_sections, n_features)
    y : array of shape (n,)
    C : float
        Inverse regularisation strength.
    offset : array of shape (n, n_sections)
        Added to the logits.
    sample_weight : array of shape (n,)

    References
    ----------
    McFadden (1974), conditional logit analysis of qualitative choice behavior.
    """
    rows = np.arange(len(y))
    sample_weight = np.broadcast_to(sample_weight, len(y))

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = features @ weights + offset
        residuals = softmax(logits, axis=1)
        residuals[rows, y] -= 1
        value = -sample_weight @ log_softmax(logits, axis=1)[rows, y] + weights @ weights / (2 * C)
        return float(value), np.einsum("n,nk,nkd->d", sample_weight, residuals, features) + weights / C

    return np.asarray(minimize(loss, np.zeros(features.shape[2]), jac=True, method="L-BFGS-B").x)
