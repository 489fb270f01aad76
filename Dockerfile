# One image for both processes. Web is the default; the worker is the same image with another command:
#   docker run … perennial                   # web, on $PORT
#   docker run … perennial node --expose-gc --max-old-space-size=256 --max-semi-space-size=4 app/jobs/worker.server.ts
#                                            # the worker; any number of each
#   docker run … perennial npm run migrate   # once a release, before the others, with DATABASE_OWNER_URL

FROM node:24-slim AS base
WORKDIR /app
ENV CHECKPOINT_DISABLE=1
COPY package.json package-lock.json ./
COPY extensions/perennial-thank-you/package.json extensions/perennial-thank-you/

FROM base AS build
# No package's script is needed here: Prisma runs without its Rust engines, and esbuild finds its binary by itself.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node node_modules/prisma/build/index.js generate \
 && node --import tsx test/codegen.ts \
 && NODE_ENV=production npm run build

FROM base AS runtime
ENV NODE_ENV=production PORT=3000
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force
COPY tsconfig.json prisma.config.ts ./
COPY prisma prisma
COPY public public
COPY --from=build /app/app app
COPY --from=build /app/build build
USER node
EXPOSE 3000
# Node itself and not npm: signals reach it, and it stops in order.
CMD ["node", "--max-semi-space-size=8", "app/web.server.ts"]
