# The server with what it runs on and nothing else: no compiler, no tests, no sources, no development dependencies.
#
#   docker build -t licet .
#   docker run --rm -v licet:/data licet init     (under a development root)
#   docker run -d --name licet -v licet:/data -p 127.0.0.1:8787:8787 --read-only --stop-timeout 15 licet
#
# deploy/README.md says the rest, and how to bring a root of your own. The version is the one that this repository is tested with (tools/node).
ARG NODE=24.21.0-trixie-slim

FROM node:${NODE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY tools tools
# No package's own script is run: those that are needed have none.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY types types
COPY src src
RUN npm run build
RUN npm prune --omit=dev --ignore-scripts
# The sources of SQLite and the binaries for other systems are four fifths of the tree.
RUN cd node_modules/better-sqlite3 && rm -rf deps src && find prebuilds -type f ! -name "linux-$(node -p process.arch).node" -delete

FROM node:${NODE}
WORKDIR /app
COPY package.json schema.sql LICENSE ./
COPY migrations migrations
COPY bin bin
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
RUN ln -s /app/bin/licet.js /usr/local/bin/licet
RUN install -d -m 0700 -o node -g node /data
# The data directory is all that is written: the root file system may be read-only. SQLite's own temporary files, too.
ENV NODE_ENV=production LICET_DATA=/data SQLITE_TMPDIR=/data LICET_HOST=0.0.0.0 LICET_PORT=8787
VOLUME /data
EXPOSE 8787
# By number, so that a cluster can see that it is not root; this is the image's user "node".
USER 1000:1000
# Whether the process answers. Whether sales succeed is /readyz, and no reason to start it anew.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.LICET_PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node.js itself is process 1 and hears SIGTERM; npm would not pass it on.
ENTRYPOINT ["node", "/app/bin/licet.js"]
CMD ["serve"]
