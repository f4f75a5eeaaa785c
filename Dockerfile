# The server in a small image: docker build -t zhibu .
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY api api
COPY domain domain
COPY persistence persistence
COPY tests tests
COPY bench bench
RUN cargo build --release --locked --package zhibu

FROM debian:bookworm-slim
RUN install -d -o 10001 -g 10001 -m 0700 /var/lib/zhibu
COPY --from=build /src/target/release/zhibu /usr/local/bin/zhibu
USER 10001:10001
WORKDIR /var/lib/zhibu
VOLUME /var/lib/zhibu
ENV ZHIBU_LISTEN=0.0.0.0:8080 \
    ZHIBU_DATABASE_URL=sqlite:///var/lib/zhibu/zhibu.db \
    ZHIBU_SECRET_FILE=/var/lib/zhibu/zhibu.key \
    ZHIBU_WORK_DIR=/var/lib/zhibu/work
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 CMD ["zhibu", "healthcheck"]
ENTRYPOINT ["zhibu"]
CMD ["serve"]
