# One image, three processes; the command chooses:
#   docker run … loyalnest node app/server.ts          web     (port 3000, GET /healthz)
#   docker run … loyalnest node app/worker/main.ts     worker  (no port)
#   docker run … loyalnest node core/main.ts           core    (port 50051, grpc.health.v1)
#   docker run … loyalnest node infra/local/run.mjs migrate    migrations, once before a release
# Configuration comes from the environment alone: .env.example lists every variable.

# Nothing runs on the machine that the image is for until it starts: both architectures are built by one machine.
FROM --platform=$BUILDPLATFORM node:24-slim AS build
WORKDIR /srv/loyalnest
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run generate && npm run build

# What runs: no package that only builds, tests or stands in for an engine, among them Node.js itself and PostgreSQL. npm
# takes Prisma's own tools for optional parts of its client, and the programs of dbmate and sharp for some of theirs:
# without the former, with the latter, for the machine that the image is for. Half of what is left are maps and types, which nothing here
# reads, and Prisma's compilers for other databases.
FROM --platform=$BUILDPLATFORM node:24-slim AS packages
ARG TARGETARCH
WORKDIR /srv/programs
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --os=linux --cpu=$(echo $TARGETARCH | sed s/amd64/x64/)
WORKDIR /srv/loyalnest
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
# npm leaves an optional package that it cannot get silently out.
RUN cp -r /srv/programs/node_modules/@dbmate /srv/programs/node_modules/@img node_modules/ \
  && test -x node_modules/@dbmate/linux-*/bin/dbmate && ls node_modules/@img/sharp-libvips-linux-*/lib/*.so*
RUN find node_modules -type f -regex '.*\.\(map\|d\.[cm]?ts\)' -delete
RUN find node_modules/@prisma/client/runtime -name 'query_compiler_*' -not -name '*postgresql*' -delete

FROM node:24-slim
# Bodies of deliveries lie outside of the heap and go when the young generation is collected: a small one goes often,
# instead of the whole heap being marked once a second.
ENV NODE_ENV=production NODE_OPTIONS=--max-semi-space-size=4
WORKDIR /srv/loyalnest
COPY --from=build --chown=node:node /srv/loyalnest/package.json /srv/loyalnest/package-lock.json ./
COPY --from=packages /srv/loyalnest/node_modules ./node_modules
COPY --from=build /srv/loyalnest/build ./build
COPY --from=build /srv/loyalnest/app ./app
COPY --from=build /srv/loyalnest/core ./core
COPY --from=build /srv/loyalnest/proto/gen ./proto/gen
COPY --from=build /srv/loyalnest/proto/shared ./proto/shared
COPY --from=build /srv/loyalnest/prisma ./prisma
COPY --from=build /srv/loyalnest/infra/local ./infra/local
COPY --from=build /srv/loyalnest/infra/modules/delivery/validate-backup ./infra/modules/delivery/validate-backup
# The authorities of Amazon RDS, for ?sslrootcert= in the URLs of PostgreSQL.
ADD --chmod=444 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem /etc/ssl/rds.pem
USER node
# The one folder that is written to; all else may be read-only.
VOLUME /tmp
EXPOSE 3000 50051
STOPSIGNAL SIGTERM
# Health is asked by the platform that runs the image, as each process answers in its own way:
#   web     GET /health (alive) and /healthz (ready) on PORT
#   core    grpc.health.v1 on CORE_PORT, with an empty name (alive) and `database` (ready)
#   worker  a file in /tmp that it writes anew
# or, for each of them: node infra/local/probe.mjs web|worker|core
CMD ["node", "app/server.ts"]
