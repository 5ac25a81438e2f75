# Triage for Prefect workers, or for one night at a time. It installs what `make` installs, without the tests' tools.
# This file was not built where Triage is developed (no Docker there): say so in an issue if it does not build for you.
#
#   docker build --tag triage .
#   docker run --rm --volume /srv/my-newsletter:/srv/my-newsletter triage nightly --workspace /srv/my-newsletter
#   docker run --env PREFECT_API_URL=http://prefect.example:4200/api --volume /srv:/srv --entrypoint prefect \
#     triage worker start --pool triage --limit 1
FROM python:3.11-slim

WORKDIR /opt/triage
COPY pyproject.toml README.md LICENSE ./
COPY flows flows
COPY pipeline pipeline
COPY models models
# the CPU build of PyTorch: the default one brings gigabytes of CUDA
RUN pip install --no-cache-dir --upgrade "pip>=25.1" \
 && pip install --no-cache-dir --extra-index-url https://download.pytorch.org/whl/cpu .

# not root: a night reads what strangers write
RUN useradd --create-home triage
USER triage
WORKDIR /srv
ENTRYPOINT ["triage"]
CMD ["--help"]
