# syntax=docker/dockerfile:1
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY cmd cmd
COPY internal internal
COPY questionnaires questionnaires
COPY mappings mappings
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /caique ./cmd/caique && mkdir /data

FROM scratch
COPY --from=build /caique /caique
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
WORKDIR /data
# The service keeps its database, checkpoints and temporary files here and nowhere else.
ENV CAIQUE_DATA=/data TMPDIR=/data
VOLUME /data
ENTRYPOINT ["/caique"]
