# One image, three processes; the command chooses:
#   docker run … loyalnest node app/server.ts          web     (port 3000, GET /healthz)
#   docker run … loyalnest node app/worker/main.ts     worker  (no port)
#   docker run … loyalnest node core/main.ts           core    (port 50051, grpc.health.v1)
#   docker run … loyalnest node infra/local/run.mjs migrate    migrations, once before a release
# Configuration comes from the environment alone: .env.example lists every variable.

FROM node:24-slim AS build
WORKDIR /srv/loyalnest
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run generate && npm run build

# What runs: no package that only builds, tests or stands in for an engine, among them Node.js itself and PostgreSQL. npm
# takes Prisma's own tools for optional parts of its client, and dbmate's program for one of dbmate: without the former,
# with the latter.
FROM node:24-slim AS packages
WORKDIR /srv/loyalnest
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund
COPY --from=build /srv/loyalnest/node_modules/@dbmate ./node_modules/@dbmate

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
USER node
EXPOSE 3000 50051
STOPSIGNAL SIGTERM
# Health is asked by the platform that runs the image, as each process answers in its own way:
#   web     GET /health (alive) and /healthz (ready) on PORT
#   core    grpc_health_probe -addr=:50051 (alive) and -service=database (ready)
#   worker  its log
CMD ["node", "app/server.ts"]
