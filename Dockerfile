# docker build -t crawlaudit .
# mkdir -p out
# docker run --rm --user "$(id -u)" -v "$PWD/crawl:/crawl:ro" -v "$PWD/out:/out" crawlaudit check /crawl --out /out
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --wheel-dir /wheels ".[html,warc]"

FROM python:3.13-slim
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels "crawlaudit[html,warc]" \
    && useradd --no-create-home --uid 10001 audit
# Not in a home, which Debian closes to whomever else --user names: here a configuration is looked for.
WORKDIR /project
USER audit
ENTRYPOINT ["crawlaudit"]
CMD ["--help"]
