import type { IoKind } from './knowledge.ts'

/** Where a function takes an abort signal: the argument's position from 0, and the property if that is an options object. */
export interface KnownSlot {
  readonly index: number
  readonly property?: string
}

/** The roles that the exports of a package play, and the methods of what they make. */
export interface PackageKnowledge {
  /**
   * Kind of I/O by the name of an export or of a method of what it makes. `default` is the default export, `*` every name
   * not listed, and `memory` the kind of those that reach nothing.
   */
  readonly io?: Readonly<Record<string, IoKind>>
  /** Exports and methods that take an abort signal. */
  readonly signals?: Readonly<Record<string, KnownSlot>>
  /** Exports that make a limiter, a queue or a pool: what runs through it is bounded. `*` is every export. */
  readonly limiters?: readonly string[]
  /** Exports that make a lock. */
  readonly locks?: readonly string[]
  /** Methods of limiters and locks that run a task and wait for it; the empty name is calling the limiter itself. */
  readonly runs?: readonly string[]
  /** The option that holds the limit, where leaving it out means that there is none. */
  readonly limitOption?: string
  /** Exports that wait for a time and do nothing else. */
  readonly sleeps?: readonly string[]
}

type Io = Readonly<Record<string, IoKind>>

/** Reading a folder and copying a file are one job each for a thread of the pool, which opens and closes in it. */
const FILES: Io = {
  readFile: 'file',
  writeFile: 'file',
  appendFile: 'file',
  open: 'file',
  opendir: 'file',
  cp: 'file',
  truncate: 'file',
  createReadStream: 'file',
  createWriteStream: 'file',
  readdir: 'stat',
  copyFile: 'stat',
  stat: 'stat',
  lstat: 'stat',
  access: 'stat',
  unlink: 'stat',
  readlink: 'stat',
  realpath: 'stat',
  rm: 'stat',
  rmdir: 'stat',
  mkdir: 'stat',
  mkdtemp: 'stat',
  rename: 'stat',
  symlink: 'stat',
  link: 'stat',
  chmod: 'stat',
  chown: 'stat',
  utimes: 'stat',
}

const FS_EXTRA: Io = {
  ...FILES,
  readJson: 'file',
  readJSON: 'file',
  writeJson: 'file',
  writeJSON: 'file',
  outputFile: 'file',
  outputJson: 'file',
  outputJSON: 'file',
  copy: 'file',
  move: 'file',
  pathExists: 'stat',
  exists: 'stat',
  ensureDir: 'stat',
  mkdirs: 'stat',
  ensureFile: 'stat',
  remove: 'stat',
  emptyDir: 'stat',
}

const CHILD_PROCESS: Io = { spawn: 'process', exec: 'process', execFile: 'process', fork: 'process' }

/** What stores of vectors offer. */
const VECTORS: Io = {
  add: 'network',
  upsert: 'network',
  insert: 'network',
  query: 'network',
  search: 'network',
  scroll: 'network',
  retrieve: 'network',
  get: 'network',
  delete: 'network',
  update: 'network',
  createCollection: 'network',
  getCollection: 'network',
  getOrCreateCollection: 'network',
  deleteCollection: 'network',
}

const BROWSER: Io = { launch: 'process', launchPersistentContext: 'process', newPage: 'process', newContext: 'process' }

const NETWORK: Io = { '*': 'network' }
const MODEL: Io = { '*': 'model' }
const DATABASE: Io = { '*': 'database' }
const PROCESS: Io = { '*': 'process' }

/** What HTTP clients offer besides requests. */
const HTTP: Io = {
  '*': 'network',
  create: 'memory',
  extend: 'memory',
  isAxiosError: 'memory',
  isCancel: 'memory',
  getUri: 'memory',
  toFormData: 'memory',
  use: 'memory',
  eject: 'memory',
  retry: 'memory',
  mergeOptions: 'memory',
  setGlobalDispatcher: 'memory',
  getGlobalDispatcher: 'memory',
}

/** What the clients of cloud services offer besides requests. */
const CLOUD: Io = {
  '*': 'network',
  destroy: 'memory',
  add: 'memory',
  on: 'memory',
  once: 'memory',
  bucket: 'memory',
  file: 'memory',
  collection: 'memory',
  doc: 'memory',
  marshall: 'memory',
  unmarshall: 'memory',
  fromEnv: 'memory',
  fromIni: 'memory',
}

/** What the clients of model services offer besides requests. */
const MODEL_CLIENT: Io = {
  '*': 'model',
  toFile: 'memory',
  zodResponseFormat: 'memory',
  zodFunction: 'memory',
  zodTextFormat: 'memory',
  withOptions: 'memory',
  list: 'network',
  retrieve: 'network',
  delete: 'network',
  on: 'memory',
  finalMessage: 'memory',
  withResponse: 'memory',
  toReadableStream: 'memory',
}

/** What database drivers offer besides queries. */
const SQL: Io = {
  '*': 'database',
  escape: 'memory',
  escapeId: 'memory',
  format: 'memory',
  on: 'memory',
  release: 'memory',
  createPool: 'memory',
  createConnection: 'database',
  sql: 'memory',
  relations: 'memory',
  eq: 'memory',
  and: 'memory',
  or: 'memory',
  inArray: 'memory',
  join: 'memory',
  raw: 'memory',
}
const DOCUMENTS: Io = {
  '*': 'database',
  db: 'memory',
  collection: 'memory',
  on: 'memory',
  ObjectId: 'memory',
  Schema: 'memory',
  model: 'memory',
  Types: 'memory',
  sort: 'memory',
  project: 'memory',
}

/** Redis pipelines commands over one connection: many at once cost memory, no connection each. */
const REDIS: Io = { '*': 'memory' }

const SECOND: KnownSlot = { index: 1, property: 'signal' }
const THIRD: KnownSlot = { index: 2, property: 'signal' }
const REQUEST_OPTIONS = { create: SECOND, parse: SECOND, retrieve: SECOND, list: SECOND, stream: SECOND }
const FIRST: KnownSlot = { index: 0, property: 'signal' }
const AI_OPTIONS: KnownSlot = { index: 0, property: 'abortSignal' }
const AI_SECOND: KnownSlot = { index: 1, property: 'abortSignal' }
const CLICKHOUSE_OPTIONS: KnownSlot = { index: 0, property: 'abort_signal' }
const HTTP_METHODS = { get: SECOND, post: SECOND, put: SECOND, patch: SECOND, delete: SECOND, head: SECOND }
const MCP_OPTIONS = {
  ping: FIRST,
  listTools: SECOND,
  listResources: SECOND,
  listPrompts: SECOND,
  readResource: SECOND,
  getPrompt: SECOND,
  complete: SECOND,
  callTool: THIRD,
  request: THIRD,
}

/**
 * The table, by module specifier without a `node:` prefix. A name covers its subpaths, unless they have a row of their own;
 * `@scope/*` covers every package of a scope. Users add rows in their configuration: see docs/configuration.md.
 */
export const PACKAGES: Readonly<Record<string, PackageKnowledge>> = {
  // Node
  fs: { io: FILES },
  'fs/promises': { io: FILES, signals: { readFile: SECOND, writeFile: THIRD } },
  child_process: { io: CHILD_PROCESS, signals: { exec: SECOND, execFile: THIRD, spawn: THIRD, fork: THIRD } },
  http: { io: { request: 'network', get: 'network' } },
  https: { io: { request: 'network', get: 'network' } },
  http2: { io: { connect: 'network', request: 'network' } },
  net: { io: { connect: 'network', createConnection: 'network' } },
  tls: { io: { connect: 'network' } },
  dns: {
    io: {
      lookup: 'network',
      resolve: 'network',
      resolve4: 'network',
      resolve6: 'network',
      resolveMx: 'network',
      resolveTxt: 'network',
      reverse: 'network',
    },
  },
  'timers/promises': {
    io: { setTimeout: 'timer', setImmediate: 'timer' },
    signals: { setTimeout: THIRD, setImmediate: SECOND, wait: SECOND },
    sleeps: ['setTimeout', 'wait'],
  },
  events: { signals: { once: THIRD } },
  'stream/promises': { signals: { finished: SECOND } },
  'readline/promises': { signals: { question: SECOND } },

  // Files and processes
  'fs-extra': { io: FS_EXTRA },
  // It retries when descriptors run out.
  'graceful-fs': { io: { '*': 'stat' } },
  vscode: {
    io: {
      readFile: 'file',
      writeFile: 'file',
      openTextDocument: 'file',
      stat: 'stat',
      delete: 'stat',
      rename: 'stat',
      copy: 'stat',
      executeCommand: 'memory',
    },
  },
  execa: {
    io: PROCESS,
    signals: {
      execa: { index: 2, property: 'cancelSignal' },
      execaNode: { index: 2, property: 'cancelSignal' },
      execaCommand: { index: 1, property: 'cancelSignal' },
    },
  },
  zx: { io: { $: 'process', spinner: 'memory', fetch: 'network', glob: 'file' } },
  tinyexec: { io: PROCESS, signals: { x: THIRD, exec: THIRD } },
  'nano-spawn': { io: PROCESS, signals: { default: THIRD } },
  'cross-spawn': { io: PROCESS, signals: { default: THIRD, spawn: THIRD } },
  'simple-git': { io: { ...PROCESS, simpleGit: 'memory', default: 'memory' } },
  puppeteer: { io: BROWSER },
  'puppeteer-core': { io: BROWSER },
  'puppeteer-extra': { io: BROWSER },
  playwright: { io: BROWSER },
  'playwright-core': { io: BROWSER },
  'playwright-chromium': { io: BROWSER },
  'playwright-extra': { io: BROWSER },
  dockerode: {
    io: {
      createContainer: 'network',
      start: 'network',
      stop: 'network',
      remove: 'network',
      pull: 'network',
      exec: 'network',
    },
  },

  // HTTP
  undici: { io: HTTP, signals: { fetch: SECOND, request: SECOND } },
  axios: {
    io: HTTP,
    signals: { get: SECOND, delete: SECOND, head: SECOND, post: THIRD, put: THIRD, patch: THIRD, request: FIRST },
  },
  got: { io: HTTP, signals: { default: SECOND, got: SECOND, ...HTTP_METHODS } },
  ky: { io: HTTP, signals: { default: SECOND, ...HTTP_METHODS } },
  ofetch: { io: HTTP, signals: { ofetch: SECOND, $fetch: SECOND } },
  'node-fetch': { io: HTTP, signals: { default: SECOND } },
  'node-fetch-native': { io: HTTP, signals: { default: SECOND, fetch: SECOND } },
  'make-fetch-happen': { io: HTTP, signals: { default: SECOND } },
  '@microsoft/fetch-event-source': { io: HTTP, signals: { fetchEventSource: SECOND } },
  'cross-fetch': { io: HTTP, signals: { default: SECOND, fetch: SECOND } },
  superagent: { io: NETWORK },
  'got-scraping': { io: HTTP },
  needle: { io: HTTP },
  phin: { io: HTTP },
  'graphql-request': { io: { request: 'network', rawRequest: 'network', gql: 'memory' } },
  nodemailer: { io: { sendMail: 'network' } },

  // Services
  octokit: { io: NETWORK },
  '@octokit/*': { io: NETWORK },
  '@actions/github': { io: { ...NETWORK, getOctokit: 'memory' } },
  '@gitbeaker/*': { io: NETWORK },
  googleapis: { io: { ...NETWORK, auth: 'memory', google: 'network' } },
  '@googleapis/*': { io: NETWORK },
  '@slack/*': { io: NETWORK },
  stripe: { io: { ...NETWORK, constructEvent: 'memory', generateTestHeaderString: 'memory' } },
  twilio: { io: NETWORK },
  '@sendgrid/mail': { io: { send: 'network', sendMultiple: 'network' } },
  resend: { io: { send: 'network', create: 'network' } },
  '@notionhq/client': { io: { ...NETWORK, isFullPage: 'memory', isFullBlock: 'memory' } },
  '@linear/sdk': { io: NETWORK },
  '@hubspot/api-client': { io: NETWORK },
  'azure-devops-node-api': { io: { ...NETWORK, getPersonalAccessTokenHandler: 'memory' } },
  'jira.js': { io: NETWORK },
  'mailgun.js': { io: { create: 'network' } },
  postmark: { io: { sendEmail: 'network', sendEmailWithTemplate: 'network', sendEmailBatch: 'network' } },
  cloudflare: { io: NETWORK },
  '@vercel/blob': {
    io: { put: 'network', del: 'network', head: 'network', list: 'network', copy: 'network' },
    signals: { put: { index: 2, property: 'abortSignal' }, del: AI_SECOND, head: AI_SECOND, list: AI_OPTIONS },
  },
  'exa-js': { io: NETWORK },
  'discord.js': { io: { send: 'network', fetch: 'network', delete: 'network', edit: 'network' } },
  '@aws-sdk/client-bedrock-runtime': { io: { ...CLOUD, send: 'model' }, signals: { send: AI_SECOND } },
  // What they give is asked for with the first request that needs it.
  '@aws-sdk/credential-providers': {},
  '@aws-sdk/token-providers': {},
  '@aws-sdk/*': { io: CLOUD, signals: { send: AI_SECOND } },
  'aws-sdk': { io: { promise: 'network' } },
  '@azure/*': { io: { ...CLOUD, getContainerClient: 'memory', getBlockBlobClient: 'memory', getBlobClient: 'memory' } },
  '@google-cloud/vertexai': { io: { ...MODEL, getGenerativeModel: 'memory', startChat: 'memory' } },
  '@google-cloud/*': { io: CLOUD },
  'firebase-admin': {
    io: {
      get: 'network',
      set: 'network',
      update: 'network',
      delete: 'network',
      send: 'network',
      verifyIdToken: 'network',
    },
  },
  minio: { io: NETWORK },
  '@elastic/elasticsearch': {
    io: NETWORK,
    signals: { search: SECOND, get: SECOND, mget: SECOND, msearch: SECOND, count: SECOND, index: SECOND, bulk: SECOND },
  },
  '@opensearch-project/opensearch': { io: NETWORK },
  meilisearch: { io: { ...NETWORK, index: 'memory' } },
  chromadb: { io: VECTORS },
  '@qdrant/*': { io: VECTORS },
  'weaviate-client': { io: { ...VECTORS, insert: 'network', insertMany: 'network', nearText: 'network' } },
  '@zilliz/milvus2-sdk-node': { io: VECTORS },
  '@pinecone-database/*': { io: { upsert: 'network', query: 'network', fetch: 'network' } },

  // Models
  openai: { io: MODEL_CLIENT, signals: REQUEST_OPTIONS },
  '@anthropic-ai/*': { io: MODEL_CLIENT, signals: REQUEST_OPTIONS },
  '@google/generative-ai': { io: { ...MODEL, getGenerativeModel: 'memory', startChat: 'memory' } },
  '@google/genai': { io: { ...MODEL, createPartFromUri: 'memory', createUserContent: 'memory' } },
  '@mistralai/*': { io: MODEL },
  'cohere-ai': { io: MODEL, signals: { chat: AI_SECOND, chatStream: AI_SECOND, embed: AI_SECOND, rerank: AI_SECOND } },
  'groq-sdk': { io: MODEL_CLIENT, signals: REQUEST_OPTIONS },
  'together-ai': { io: MODEL_CLIENT, signals: REQUEST_OPTIONS },
  ollama: { io: MODEL },
  replicate: { io: MODEL, signals: { run: SECOND } },
  voyageai: { io: MODEL },
  '@huggingface/inference': { io: MODEL },
  ai: {
    io: {
      generateText: 'model',
      streamText: 'model',
      generateObject: 'model',
      streamObject: 'model',
      embed: 'model',
      embedMany: 'model',
      generateImage: 'model',
      experimental_generateImage: 'model',
      transcribe: 'model',
      rerank: 'model',
    },
    signals: {
      generateText: AI_OPTIONS,
      streamText: AI_OPTIONS,
      generateObject: AI_OPTIONS,
      streamObject: AI_OPTIONS,
      embed: AI_OPTIONS,
      embedMany: AI_OPTIONS,
      generateImage: AI_OPTIONS,
      experimental_generateImage: AI_OPTIONS,
      transcribe: AI_OPTIONS,
      experimental_transcribe: AI_OPTIONS,
      rerank: AI_OPTIONS,
    },
  },
  '@ai-sdk/provider-utils': {
    io: { postJsonToApi: 'network', postFormDataToApi: 'network', postToApi: 'network', getFromApi: 'network' },
    signals: {
      delay: AI_SECOND,
      postJsonToApi: AI_OPTIONS,
      postFormDataToApi: AI_OPTIONS,
      postToApi: AI_OPTIONS,
      getFromApi: AI_OPTIONS,
    },
    sleeps: ['delay'],
  },
  '@langchain/*': {
    io: {
      invoke: 'model',
      stream: 'model',
      batch: 'model',
      call: 'model',
      predict: 'model',
      generate: 'model',
      embedQuery: 'model',
      embedDocuments: 'model',
      similaritySearch: 'network',
      addDocuments: 'network',
    },
    signals: { invoke: SECOND, stream: SECOND, batch: SECOND, streamEvents: SECOND },
  },
  langchain: {
    io: { invoke: 'model', call: 'model', predict: 'model', embedQuery: 'model', embedDocuments: 'model' },
    signals: { invoke: SECOND },
  },
  '@openai/agents': { io: { run: 'model' } },
  '@modelcontextprotocol/sdk': {
    io: { callTool: 'network', listTools: 'network', readResource: 'network' },
    signals: MCP_OPTIONS,
  },

  // Databases
  pg: { io: { ...SQL, connect: 'database' } },
  postgres: { io: SQL },
  mysql2: { io: SQL },
  mysql: { io: SQL },
  'better-sqlite3': { io: REDIS },
  mssql: { io: SQL },
  knex: { io: SQL },
  kysely: {
    io: { execute: 'database', executeTakeFirst: 'database', executeTakeFirstOrThrow: 'database', stream: 'database' },
  },
  'drizzle-orm': { io: SQL },
  typeorm: {
    io: {
      find: 'database',
      findOne: 'database',
      findOneBy: 'database',
      findBy: 'database',
      save: 'database',
      insert: 'database',
      update: 'database',
      delete: 'database',
      remove: 'database',
      count: 'database',
      query: 'database',
      getMany: 'database',
      getOne: 'database',
      execute: 'database',
    },
  },
  sequelize: {
    io: {
      findAll: 'database',
      findOne: 'database',
      findByPk: 'database',
      create: 'database',
      bulkCreate: 'database',
      update: 'database',
      destroy: 'database',
      count: 'database',
      query: 'database',
      save: 'database',
    },
  },
  '@prisma/client': {
    io: {
      ...DATABASE,
      sql: 'memory',
      join: 'memory',
      raw: 'memory',
      empty: 'memory',
      $on: 'memory',
      $extends: 'memory',
      validator: 'memory',
    },
  },
  mongodb: { io: DOCUMENTS },
  mongoose: { io: DOCUMENTS },
  '@supabase/supabase-js': {
    io: {
      select: 'network',
      insert: 'network',
      update: 'network',
      delete: 'network',
      upsert: 'network',
      rpc: 'network',
      upload: 'network',
      download: 'network',
    },
  },
  ioredis: { io: REDIS },
  '@upstash/redis': { io: REDIS },
  '@libsql/client': { io: SQL },
  '@vercel/postgres': { io: SQL },
  '@clickhouse/client': {
    io: { query: 'database', insert: 'database', command: 'database', exec: 'database' },
    signals: { query: CLICKHOUSE_OPTIONS, command: CLICKHOUSE_OPTIONS, exec: CLICKHOUSE_OPTIONS },
  },
  'neo4j-driver': { io: { run: 'database', executeRead: 'database', executeWrite: 'database' } },
  redis: { io: REDIS },
  bullmq: { io: { ...REDIS, waitUntilFinished: 'network' } },
  amqplib: { io: { connect: 'network' } },
  kafkajs: { io: { send: 'network', sendBatch: 'network', connect: 'network' } },

  // Waiting
  delay: { signals: { default: SECOND }, sleeps: ['default'] },
  'sleep-promise': { sleeps: ['default'] },
  'p-retry': { signals: { default: SECOND } },
  'p-timeout': { signals: { default: SECOND } },
  'p-wait-for': { signals: { default: SECOND } },
  'p-event': { signals: { default: THIRD, pEvent: THIRD } },

  // Limiters and locks
  'p-limit': { limiters: ['default', 'pLimit'], runs: [''] },
  'p-map': { limiters: ['default', 'pMapSkip'], limitOption: 'concurrency', signals: { default: THIRD } },
  'p-filter': { limiters: ['default'], limitOption: 'concurrency' },
  'p-queue': {
    limiters: ['default', 'PQueue'],
    runs: ['add', 'addAll'],
    limitOption: 'concurrency',
    signals: { add: SECOND },
  },
  'p-all': { limiters: ['default'], limitOption: 'concurrency' },
  'p-props': { limiters: ['default'], limitOption: 'concurrency' },
  'p-series': { limiters: ['default'] },
  'p-each-series': { limiters: ['default'] },
  'p-map-series': { limiters: ['default'] },
  'p-throttle': { limiters: ['default'] },
  'p-debounce': { limiters: ['default'] },
  'p-ratelimit': { limiters: ['*'] },
  limiter: { limiters: ['RateLimiter', 'TokenBucket'] },
  'rate-limiter-flexible': { limiters: ['*'] },
  bottleneck: { limiters: ['default'], runs: ['schedule'], limitOption: 'maxConcurrent' },
  async: {
    limiters: [
      'queue',
      'priorityQueue',
      'cargo',
      'eachLimit',
      'eachOfLimit',
      'mapLimit',
      'filterLimit',
      'parallelLimit',
      'forEachLimit',
      'timesLimit',
      'eachSeries',
      'mapSeries',
      'series',
      'waterfall',
    ],
  },
  fastq: { limiters: ['*'], runs: ['push', 'unshift'] },
  'better-queue': { limiters: ['default'] },
  'tiny-async-pool': { limiters: ['default', '*'] },
  'promise-queue': { limiters: ['default'], runs: ['add'] },
  'promise-limit': { limiters: ['default'], runs: [''] },
  'promise-pool': { limiters: ['*'] },
  '@supercharge/promise-pool': { limiters: ['PromisePool'] },
  'es-toolkit': { limiters: ['Semaphore', 'Mutex', 'limitAsync'], locks: ['Mutex', 'Semaphore'] },
  'async-sema': { limiters: ['Sema', 'RateLimit'], locks: ['Sema'] },
  'async-mutex': {
    limiters: ['Semaphore', 'Mutex', 'withTimeout'],
    locks: ['Mutex', 'Semaphore'],
    runs: ['runExclusive'],
  },
  'async-lock': { limiters: ['default'], locks: ['default'], runs: ['acquire'] },
  'await-lock': { limiters: ['default'], locks: ['default'] },
  'await-semaphore': { limiters: ['Semaphore', 'Mutex'], locks: ['Mutex', 'Semaphore'], runs: ['use'] },
  'proper-lockfile': { locks: ['*'] },
  redlock: { locks: ['default'], runs: ['using'] },
  piscina: { limiters: ['default', 'Piscina'] },
  tinypool: { limiters: ['default', 'Tinypool'] },
  effect: { limiters: ['Semaphore', 'RateLimiter', 'Queue', 'Pool'], locks: ['Semaphore'] },
  rxjs: { limiters: ['mergeMap', 'concatMap', 'concatAll', 'exhaustMap', 'switchMap', 'bufferCount'] },
  '@forkline/runtime': {
    limiters: ['pool', 'group', 'Semaphore', 'Mutex', 'RateLimiter', 'pipeline', 'threads'],
    locks: ['Mutex', 'Semaphore'],
    runs: ['use', 'runExclusive', 'run', 'map', 'forEach', 'mapSettled'],
    signals: { sleep: SECOND, retry: SECOND },
    sleeps: ['sleep'],
  },
}
