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
  readFile: 'file', writeFile: 'file', appendFile: 'file', open: 'file', opendir: 'file', cp: 'file', truncate: 'file',
  createReadStream: 'file', createWriteStream: 'file', readdir: 'stat', copyFile: 'stat',
  stat: 'stat', lstat: 'stat', access: 'stat', unlink: 'stat', readlink: 'stat', realpath: 'stat', rm: 'stat',
  rmdir: 'stat', mkdir: 'stat', mkdtemp: 'stat', rename: 'stat', symlink: 'stat', link: 'stat', chmod: 'stat', chown: 'stat', utimes: 'stat',
}

const FS_EXTRA: Io = {
  ...FILES,
  readJson: 'file', readJSON: 'file', writeJson: 'file', writeJSON: 'file', outputFile: 'file', outputJson: 'file', outputJSON: 'file',
  copy: 'file', move: 'file', pathExists: 'stat', exists: 'stat', ensureDir: 'stat', mkdirs: 'stat', ensureFile: 'stat', remove: 'stat', emptyDir: 'stat',
}

const CHILD_PROCESS: Io = { spawn: 'process', exec: 'process', execFile: 'process', fork: 'process' }

const NETWORK: Io = { '*': 'network' }
const MODEL: Io = { '*': 'model' }
const DATABASE: Io = { '*': 'database' }
const PROCESS: Io = { '*': 'process' }

/** What HTTP clients offer besides requests. */
const HTTP: Io = {
  '*': 'network', create: 'memory', extend: 'memory', isAxiosError: 'memory', isCancel: 'memory', getUri: 'memory', toFormData: 'memory',
  use: 'memory', eject: 'memory', retry: 'memory', mergeOptions: 'memory', setGlobalDispatcher: 'memory', getGlobalDispatcher: 'memory',
}

/** What the clients of cloud services offer besides requests. */
const CLOUD: Io = { '*': 'network', destroy: 'memory', add: 'memory', on: 'memory', once: 'memory', bucket: 'memory', file: 'memory', collection: 'memory', doc: 'memory', marshall: 'memory', unmarshall: 'memory', fromEnv: 'memory', fromIni: 'memory' }

/** What the clients of model services offer besides requests. */
const MODEL_CLIENT: Io = { '*': 'model', toFile: 'memory', zodResponseFormat: 'memory', zodFunction: 'memory', zodTextFormat: 'memory', withOptions: 'memory', list: 'network', retrieve: 'network', delete: 'network', on: 'memory', finalMessage: 'memory', withResponse: 'memory', toReadableStream: 'memory' }

/** What database drivers offer besides queries. */
const SQL: Io = { '*': 'database', escape: 'memory', escapeId: 'memory', format: 'memory', on: 'memory', release: 'memory', createPool: 'memory', createConnection: 'database', sql: 'memory', relations: 'memory', eq: 'memory', and: 'memory', or: 'memory', inArray: 'memory', join: 'memory', raw: 'memory' }
const DOCUMENTS: Io = { '*': 'database', db: 'memory', collection: 'memory', on: 'memory', ObjectId: 'memory', Schema: 'memory', model: 'memory', Types: 'memory', sort: 'memory', project: 'memory' }

/** Redis pipelines commands over one connection: many at once cost memory, no connection each. */
const REDIS: Io = { '*': 'memory' }

const SECOND: KnownSlot = { index: 1, property: 'signal' }
const THIRD: KnownSlot = { index: 2, property: 'signal' }
const REQUEST_OPTIONS = { create: SECOND, parse: SECOND, retrieve: SECOND, list: SECOND, stream: SECOND }
const AI_OPTIONS: KnownSlot = { index: 0, property: 'abortSignal' }

/**
 * The table, by module specifier without a `node:` prefix. A name covers its subpaths, unless they have a row of their own;
 * `@scope/*` covers every package of a scope. Users add rows in their configuration: see docs/configuration.md.
 */
export const PACKAGES: Readonly<Record<string, PackageKnowledge>> = {
  // Node
  'fs': { io: FILES },
  'fs/promises': { io: FILES, signals: { readFile: SECOND, writeFile: THIRD } },
  'child_process': { io: CHILD_PROCESS, signals: { exec: SECOND, execFile: THIRD, spawn: THIRD, fork: THIRD } },
  'http': { io: { request: 'network', get: 'network' } },
  'https': { io: { request: 'network', get: 'network' } },
  'http2': { io: { connect: 'network', request: 'network' } },
  'net': { io: { connect: 'network', createConnection: 'network' } },
  'tls': { io: { connect: 'network' } },
  'dns': { io: { lookup: 'network', resolve: 'network', resolve4: 'network', resolve6: 'network', resolveMx: 'network', resolveTxt: 'network', reverse: 'network' } },
  'timers/promises': { io: { setTimeout: 'timer', setImmediate: 'timer' }, signals: { setTimeout: THIRD, setImmediate: SECOND }, sleeps: ['setTimeout'] },
  'events': { signals: { once: THIRD } },

  // Files and processes
  'fs-extra': { io: FS_EXTRA },
  // It retries when descriptors run out.
  'graceful-fs': { io: { '*': 'stat' } },
  'vscode': { io: { readFile: 'file', writeFile: 'file', openTextDocument: 'file', stat: 'stat', delete: 'stat', rename: 'stat', copy: 'stat', executeCommand: 'memory' } },
  'execa': { io: PROCESS, signals: { execa: { index: 2, property: 'cancelSignal' } } },
  'zx': { io: { '$': 'process', 'spinner': 'memory', 'fetch': 'network', 'glob': 'file' } },
  'tinyexec': { io: PROCESS },
  'nano-spawn': { io: PROCESS },
  'cross-spawn': { io: PROCESS },
  'simple-git': { io: { ...PROCESS, simpleGit: 'memory', default: 'memory' } },
  'puppeteer': { io: { launch: 'process', newPage: 'process' } },
  'playwright': { io: { launch: 'process', newPage: 'process', newContext: 'process' } },

  // HTTP
  'undici': { io: HTTP, signals: { fetch: SECOND, request: SECOND } },
  'axios': { io: HTTP, signals: { get: SECOND, delete: SECOND, head: SECOND, post: THIRD, put: THIRD, patch: THIRD } },
  'got': { io: HTTP, signals: { default: SECOND, got: SECOND } },
  'ky': { io: HTTP, signals: { default: SECOND, get: SECOND, post: SECOND, put: SECOND, patch: SECOND, delete: SECOND, head: SECOND } },
  'ofetch': { io: HTTP, signals: { ofetch: SECOND, $fetch: SECOND } },
  'node-fetch': { io: HTTP, signals: { default: SECOND } },
  'cross-fetch': { io: HTTP, signals: { default: SECOND, fetch: SECOND } },
  'superagent': { io: NETWORK },
  'graphql-request': { io: { request: 'network', rawRequest: 'network', gql: 'memory' } },
  'nodemailer': { io: { sendMail: 'network' } },

  // Services
  'octokit': { io: NETWORK },
  '@octokit/*': { io: NETWORK },
  '@actions/github': { io: { ...NETWORK, getOctokit: 'memory' } },
  '@gitbeaker/*': { io: NETWORK },
  'googleapis': { io: { ...NETWORK, auth: 'memory', google: 'network' } },
  '@googleapis/*': { io: NETWORK },
  '@slack/*': { io: NETWORK },
  'stripe': { io: { ...NETWORK, constructEvent: 'memory', generateTestHeaderString: 'memory' } },
  'twilio': { io: NETWORK },
  '@sendgrid/mail': { io: { send: 'network', sendMultiple: 'network' } },
  'resend': { io: { send: 'network', create: 'network' } },
  '@notionhq/client': { io: { ...NETWORK, isFullPage: 'memory', isFullBlock: 'memory' } },
  '@linear/sdk': { io: NETWORK },
  'discord.js': { io: { send: 'network', fetch: 'network', delete: 'network', edit: 'network' } },
  '@aws-sdk/*': { io: CLOUD, signals: { send: { index: 1, property: 'abortSignal' } } },
  'aws-sdk': { io: { promise: 'network' } },
  '@azure/*': { io: { ...CLOUD, getContainerClient: 'memory', getBlockBlobClient: 'memory', getBlobClient: 'memory' } },
  '@google-cloud/*': { io: CLOUD },
  'firebase-admin': { io: { get: 'network', set: 'network', update: 'network', delete: 'network', send: 'network', verifyIdToken: 'network' } },
  'minio': { io: NETWORK },
  '@elastic/elasticsearch': { io: NETWORK },
  '@pinecone-database/*': { io: { upsert: 'network', query: 'network', fetch: 'network' } },

  // Models
  'openai': { io: MODEL_CLIENT, signals: REQUEST_OPTIONS },
  '@anthropic-ai/*': { io: MODEL_CLIENT, signals: REQUEST_OPTIONS },
  '@google/generative-ai': { io: { ...MODEL, getGenerativeModel: 'memory', startChat: 'memory' } },
  '@google/genai': { io: { ...MODEL, createPartFromUri: 'memory', createUserContent: 'memory' } },
  '@mistralai/*': { io: MODEL },
  'cohere-ai': { io: MODEL },
  'groq-sdk': { io: MODEL_CLIENT, signals: REQUEST_OPTIONS },
  'together-ai': { io: MODEL_CLIENT, signals: REQUEST_OPTIONS },
  'ollama': { io: MODEL },
  'replicate': { io: MODEL },
  'voyageai': { io: MODEL },
  '@huggingface/inference': { io: MODEL },
  'ai': {
    io: { generateText: 'model', streamText: 'model', generateObject: 'model', streamObject: 'model', embed: 'model', embedMany: 'model', generateImage: 'model', experimental_generateImage: 'model', transcribe: 'model', rerank: 'model' },
    signals: { generateText: AI_OPTIONS, streamText: AI_OPTIONS, generateObject: AI_OPTIONS, streamObject: AI_OPTIONS, embed: AI_OPTIONS, embedMany: AI_OPTIONS },
  },
  '@langchain/*': {
    io: { invoke: 'model', stream: 'model', batch: 'model', call: 'model', predict: 'model', generate: 'model', embedQuery: 'model', embedDocuments: 'model', similaritySearch: 'network', addDocuments: 'network' },
    signals: { invoke: SECOND, stream: SECOND },
  },
  'langchain': { io: { invoke: 'model', call: 'model', predict: 'model', embedQuery: 'model', embedDocuments: 'model' }, signals: { invoke: SECOND } },
  '@openai/agents': { io: { run: 'model' } },
  '@modelcontextprotocol/sdk': { io: { callTool: 'network', listTools: 'network', readResource: 'network' } },

  // Databases
  'pg': { io: { ...SQL, connect: 'database' } },
  'postgres': { io: SQL },
  'mysql2': { io: SQL },
  'mysql': { io: SQL },
  'better-sqlite3': { io: REDIS },
  'mssql': { io: SQL },
  'knex': { io: SQL },
  'kysely': { io: { execute: 'database', executeTakeFirst: 'database', executeTakeFirstOrThrow: 'database', stream: 'database' } },
  'drizzle-orm': { io: SQL },
  'typeorm': { io: { find: 'database', findOne: 'database', findOneBy: 'database', findBy: 'database', save: 'database', insert: 'database', update: 'database', delete: 'database', remove: 'database', count: 'database', query: 'database', getMany: 'database', getOne: 'database', execute: 'database' } },
  'sequelize': { io: { findAll: 'database', findOne: 'database', findByPk: 'database', create: 'database', bulkCreate: 'database', update: 'database', destroy: 'database', count: 'database', query: 'database', save: 'database' } },
  '@prisma/client': { io: { ...DATABASE, sql: 'memory', join: 'memory', raw: 'memory', empty: 'memory', $on: 'memory', $extends: 'memory', validator: 'memory' } },
  'mongodb': { io: DOCUMENTS },
  'mongoose': { io: DOCUMENTS },
  '@supabase/supabase-js': { io: { select: 'network', insert: 'network', update: 'network', delete: 'network', upsert: 'network', rpc: 'network', upload: 'network', download: 'network' } },
  'ioredis': { io: REDIS },
  'redis': { io: REDIS },
  'bullmq': { io: { ...REDIS, waitUntilFinished: 'network' } },
  'amqplib': { io: { connect: 'network' } },
  'kafkajs': { io: { send: 'network', sendBatch: 'network', connect: 'network' } },

  // Waiting
  'delay': { signals: { default: SECOND }, sleeps: ['default'] },
  'sleep-promise': { sleeps: ['default'] },
  'p-retry': { signals: { default: SECOND } },
  'p-timeout': { signals: { default: SECOND } },
  'p-wait-for': { signals: { default: SECOND } },

  // Limiters and locks
  'p-limit': { limiters: ['default', 'pLimit'], runs: [''] },
  'p-map': { limiters: ['default', 'pMapSkip'], limitOption: 'concurrency', signals: { default: THIRD } },
  'p-filter': { limiters: ['default'], limitOption: 'concurrency' },
  'p-queue': { limiters: ['default', 'PQueue'], runs: ['add', 'addAll'], limitOption: 'concurrency', signals: { add: SECOND } },
  'p-all': { limiters: ['default'], limitOption: 'concurrency' },
  'p-props': { limiters: ['default'], limitOption: 'concurrency' },
  'p-series': { limiters: ['default'] },
  'p-each-series': { limiters: ['default'] },
  'p-map-series': { limiters: ['default'] },
  'p-throttle': { limiters: ['default'] },
  'p-debounce': { limiters: ['default'] },
  'p-ratelimit': { limiters: ['*'] },
  'limiter': { limiters: ['RateLimiter', 'TokenBucket'] },
  'rate-limiter-flexible': { limiters: ['*'] },
  'bottleneck': { limiters: ['default'], runs: ['schedule'], limitOption: 'maxConcurrent' },
  'async': { limiters: ['queue', 'priorityQueue', 'cargo', 'eachLimit', 'eachOfLimit', 'mapLimit', 'filterLimit', 'parallelLimit', 'forEachLimit', 'timesLimit', 'eachSeries', 'mapSeries', 'series', 'waterfall'] },
  'fastq': { limiters: ['*'], runs: ['push', 'unshift'] },
  'better-queue': { limiters: ['default'] },
  'promise-queue': { limiters: ['default'], runs: ['add'] },
  'promise-limit': { limiters: ['default'], runs: [''] },
  'promise-pool': { limiters: ['*'] },
  '@supercharge/promise-pool': { limiters: ['PromisePool'] },
  'es-toolkit': { limiters: ['Semaphore', 'Mutex', 'limitAsync'], locks: ['Mutex', 'Semaphore'] },
  'async-sema': { limiters: ['Sema', 'RateLimit'], locks: ['Sema'] },
  'async-mutex': { limiters: ['Semaphore', 'Mutex', 'withTimeout'], locks: ['Mutex', 'Semaphore'], runs: ['runExclusive'] },
  'async-lock': { limiters: ['default'], locks: ['default'], runs: ['acquire'] },
  'await-lock': { limiters: ['default'], locks: ['default'] },
  'await-semaphore': { limiters: ['Semaphore', 'Mutex'], locks: ['Mutex', 'Semaphore'], runs: ['use'] },
  'proper-lockfile': { locks: ['*'] },
  'redlock': { locks: ['default'], runs: ['using'] },
  'piscina': { limiters: ['default', 'Piscina'] },
  'tinypool': { limiters: ['default', 'Tinypool'] },
  'effect': { limiters: ['Semaphore', 'RateLimiter', 'Queue', 'Pool'], locks: ['Semaphore'] },
  'rxjs': { limiters: ['mergeMap', 'concatMap', 'concatAll', 'exhaustMap', 'switchMap', 'bufferCount'] },
  '@forkline/runtime': {
    limiters: ['pool', 'group', 'Semaphore', 'Mutex', 'RateLimiter', 'pipeline', 'threads'],
    locks: ['Mutex', 'Semaphore'],
    runs: ['use', 'runExclusive', 'run', 'map', 'forEach', 'mapSettled'],
    signals: { sleep: SECOND, retry: SECOND },
    sleeps: ['sleep'],
  },
}
