/**
 * What is known of packages and of names, as data. The analysis reads it; nothing here is a rule.
 *
 * Kinds of I/O, by what runs out first when thousands of calls start at once:
 * - `network`: sockets and the other side's patience (HTTP, object stores, queues);
 * - `model`: a metered model or embedding service;
 * - `database`: connections of a pool;
 * - `process`: child processes;
 * - `file`: open file descriptors;
 * - `stat`: calls on libuv's thread pool that hold no descriptor, so that only latency suffers;
 * - `timer`: waiting alone, which costs next to nothing.
 */
export type IoKind = 'network' | 'model' | 'database' | 'process' | 'file' | 'stat' | 'timer'

/** The kinds that an unbounded fan-out exhausts. */
export const RISKY_IO: ReadonlySet<IoKind> = new Set<IoKind>(['network', 'model', 'process', 'file', 'database'])

export interface PackageKnowledge {
  /** Kind of I/O by exported name; `default` is the default export, `*` every name not listed. */
  readonly io?: Readonly<Record<string, IoKind>>
  /** Exports that make a limiter, a queue or a pool: what runs through it is bounded. */
  readonly limiters?: readonly string[]
  /** Exports that make a lock. */
  readonly locks?: readonly string[]
}

const FILES: Readonly<Record<string, IoKind>> = {
  readFile: 'file', writeFile: 'file', appendFile: 'file', copyFile: 'file', open: 'file', opendir: 'file',
  readdir: 'file', cp: 'file', truncate: 'file', createReadStream: 'file', createWriteStream: 'file',
  stat: 'stat', lstat: 'stat', access: 'stat', unlink: 'stat', readlink: 'stat', realpath: 'stat', rm: 'stat',
  rmdir: 'stat', mkdir: 'stat', rename: 'stat', symlink: 'stat', chmod: 'stat', utimes: 'stat',
}

const FS_EXTRA: Readonly<Record<string, IoKind>> = {
  ...FILES,
  readJson: 'file', readJSON: 'file', writeJson: 'file', writeJSON: 'file', outputFile: 'file', outputJson: 'file',
  copy: 'file', move: 'file', pathExists: 'stat', ensureDir: 'stat', remove: 'stat', emptyDir: 'stat',
}

const CHILD_PROCESS: Readonly<Record<string, IoKind>> = {
  spawn: 'process', exec: 'process', execFile: 'process', fork: 'process',
}

/** By module specifier, without a `node:` prefix; `@scope/*` covers every package of a scope. */
export const PACKAGES: Readonly<Record<string, PackageKnowledge>> = {
  'fs': { io: FILES },
  'fs/promises': { io: FILES },
  'fs-extra': { io: FS_EXTRA },
  'graceful-fs': { io: { '*': 'stat' }, limiters: [] },
  'child_process': { io: CHILD_PROCESS },
  'execa': { io: { '*': 'process' } },
  'zx': { io: { '*': 'process' } },
  'cross-spawn': { io: { '*': 'process' } },
  'simple-git': { io: { '*': 'process' } },
  'http': { io: { request: 'network', get: 'network' } },
  'https': { io: { request: 'network', get: 'network' } },
  'dns': { io: { '*': 'network' } },
  'dns/promises': { io: { '*': 'network' } },
  'timers/promises': { io: { setTimeout: 'timer', setImmediate: 'timer' } },
  'undici': { io: { '*': 'network' } },
  'axios': { io: { '*': 'network' } },
  'got': { io: { '*': 'network' } },
  'ky': { io: { '*': 'network' } },
  'node-fetch': { io: { '*': 'network' } },
  'cross-fetch': { io: { '*': 'network' } },
  'superagent': { io: { '*': 'network' } },
  '@octokit/*': { io: { '*': 'network' } },
  'octokit': { io: { '*': 'network' } },
  '@aws-sdk/*': { io: { '*': 'network' } },
  '@azure/*': { io: { '*': 'network' } },
  '@google-cloud/*': { io: { '*': 'network' } },
  '@slack/*': { io: { '*': 'network' } },
  'stripe': { io: { '*': 'network' } },
  'nodemailer': { io: { '*': 'network' } },
  'openai': { io: { '*': 'model' } },
  '@anthropic-ai/*': { io: { '*': 'model' } },
  '@google/generative-ai': { io: { '*': 'model' } },
  '@google/genai': { io: { '*': 'model' } },
  '@mistralai/*': { io: { '*': 'model' } },
  'cohere-ai': { io: { '*': 'model' } },
  'ollama': { io: { '*': 'model' } },
  'replicate': { io: { '*': 'model' } },
  'ai': { io: { generateText: 'model', streamText: 'model', generateObject: 'model', streamObject: 'model', embed: 'model', embedMany: 'model' } },
  '@langchain/*': { io: { ChatOpenAI: 'model', OpenAIEmbeddings: 'model', ChatAnthropic: 'model' } },
  'pg': { io: { '*': 'database' } },
  'mysql2': { io: { '*': 'database' } },
  'mysql2/promise': { io: { '*': 'database' } },
  'mongodb': { io: { '*': 'database' } },
  '@prisma/client': { io: { '*': 'database' } },
  'p-limit': { limiters: ['default', 'pLimit'] },
  'p-map': { limiters: ['default', 'pMapSkip'] },
  'p-queue': { limiters: ['default', 'PQueue'] },
  'p-all': { limiters: ['default'] },
  'p-series': { limiters: ['default'] },
  'p-throttle': { limiters: ['default'] },
  'p-ratelimit': { limiters: ['*'] },
  'bottleneck': { limiters: ['default'] },
  'async': { limiters: ['queue', 'eachLimit', 'mapLimit', 'parallelLimit', 'forEachLimit'] },
  'fastq': { limiters: ['*'] },
  'async-sema': { limiters: ['Sema', 'RateLimit'], locks: ['Sema'] },
  'async-mutex': { limiters: ['Semaphore', 'Mutex', 'withTimeout'], locks: ['Mutex', 'Semaphore'] },
  'async-lock': { limiters: ['default'], locks: ['default'] },
  '@forkline/runtime': { limiters: ['pool', 'group', 'Semaphore', 'Mutex', 'RateLimiter'], locks: ['Mutex', 'Semaphore'] },
}

/** Global functions that reach I/O. */
export const GLOBAL_IO: Readonly<Record<string, IoKind>> = { fetch: 'network' }

/**
 * Clients that can be told by the names in a call when their types are not at hand. `receiver` is the dotted
 * expression before the last name, `method` the last name. Order matters: the first that fits decides.
 */
export const CLIENT_SHAPES: readonly { readonly receiver: RegExp; readonly method: RegExp; readonly io: IoKind }[] = [
  { receiver: /(?:^|\.)(?:\w*llm|\w*LLM|chat\w*model|languageModel)$/u, method: /^(?:complete|chat|predict|invoke|generate|call|stream|exec)$/u, io: 'model' },
  { receiver: /(?:openai|anthropic|\.chat\.completions|\.messages|\.embeddings|\.responses)$/iu, method: /^(?:create|parse|stream|embed)$/u, io: 'model' },
  { receiver: /(?:embedd\w*|embed\w*model)$/iu, method: /^(?:get|embed)\w*(?:embed|query|documents?)\w*$/iu, io: 'model' },
  { receiver: /(?:^|\.)(?:octokit|github)(?:\.|$)/iu, method: /./u, io: 'network' },
  { receiver: /(?:^|\.)(?:axios|got|ky|superagent|httpClient)$/u, method: /^(?:get|post|put|patch|delete|head|request)$/u, io: 'network' },
  { receiver: /(?:^|\.)(?:s3|s3Client|sqs|sns|dynamo\w*|kms)$/iu, method: /^(?:send|putObject|getObject|deleteObject|upload|copyObject)$/u, io: 'network' },
]

/** Methods that bound what is passed to them, whatever the receiver: `queue.add(fn)`, `limiter.schedule(fn)`. */
export const LIMITER_METHODS: ReadonlySet<string> = new Set([
  'schedule', 'runExclusive', 'withLock', 'withPermit', 'acquire', 'limit', 'throttle', 'addAll', 'enqueue',
])

/** Names of variables and functions that say that they bound or queue what they run. */
export const LIMITER_NAMES = /limit(?:er|ed)?$|^limit|queue$|throttle|semaphore|mutex|\bpool$|bottleneck|concurren|batch/iu

/** Names of collections whose size the outside world decides. */
export const OPEN_ENDED_NAMES =
  /(?:^|[a-z_])(?:documents?|docs|nodes|chunks|texts|files|filenames|filepaths|paths|ids|urls|uris|links|articles|records|rows|users|messages|emails|images|pages|entries|items|keys|orders|customers|tickets|repos|issues|commits|events|queries|prompts|inputs|jobs|posts|products|tracks|songs|sentences|paragraphs|symbols|addresses|contacts)$/iu

/** Names of collections that programs keep small: what is registered or configured, not what is processed. */
export const SMALL_NAMES =
  /(?:handlers?|hooks?|callbacks?|listeners?|subscribers?|observers?|tools?|processors?|servers?|connections?|windows?|folders|workspaces|plugins?|providers?|middlewares?|transports?|exporters?|sinks?|workers?|modules?|guardrails?|handoffs?|steps?|phases?|stages?|strategies|validators?|checks?|diagnostics?|configs?|options?|settings|features?|locales?|languages?|loaders?|adapters?|drivers?|backends?|services?|agents?|sessions?|clients?|schemas?|migrations?|disposables?|resources?|cleanups?|teardowns?|promises|tasks|pending|futures|deferreds?|shards?|replicas?|regions?|environments?|targets?|platforms?|extensions?|watchers?|streams?|presets?|formats?|columns?|fields?|tabs?|panels?|editors?|attachments?|columns|constraints?|indexes|indices)$/iu

/** Parts of options and names that say that a query returns one page. */
export const PAGE_NAMES = /^(?:limit|take|pageSize|page_size|perPage|per_page|first|top|max\w*|batchSize|batch_size|chunkSize)$/u

/** Names of waits that take a number of milliseconds. */
export const SLEEP_NAMES = /^(?:sleep|delay|wait|pause|setTimeoutAsync|timeout|waitFor(?:Ms|Milliseconds)|snooze)$/iu

/** Exports that wait for a time and do nothing else, by module specifier without a `node:` prefix. */
export const SLEEP_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'timers/promises': ['setTimeout'],
  'delay': ['default'],
  'sleep-promise': ['default'],
  '@forkline/runtime': ['sleep'],
}

/** An argument that takes a signal: its position, and the property where it is an options object. */
export interface KnownSlot {
  readonly index: number
  readonly property: string
}

const SECOND: KnownSlot = { index: 1, property: 'signal' }
const THIRD: KnownSlot = { index: 2, property: 'signal' }

/** Where global functions take a signal. */
export const GLOBAL_SIGNAL_SLOTS: Readonly<Record<string, KnownSlot>> = { fetch: SECOND }

/** Where exports take a signal, for programs whose typings are not installed; specifiers have no `node:` prefix. */
export const SIGNAL_SLOTS: Readonly<Record<string, Readonly<Record<string, KnownSlot>>>> = {
  'timers/promises': { setTimeout: THIRD, setImmediate: SECOND },
  'fs/promises': { readFile: SECOND, writeFile: THIRD },
  'child_process': { exec: SECOND, execFile: THIRD, spawn: THIRD, fork: THIRD },
  'events': { once: THIRD },
  'undici': { fetch: SECOND, request: SECOND },
  'node-fetch': { default: SECOND },
  'cross-fetch': { default: SECOND, fetch: SECOND },
  'ky': { default: SECOND, get: SECOND, post: SECOND, put: SECOND, patch: SECOND, delete: SECOND },
  'axios': { get: SECOND, delete: SECOND, post: THIRD, put: THIRD, patch: THIRD },
  'execa': { execa: { index: 2, property: 'cancelSignal' } },
  'delay': { default: SECOND },
  'p-map': { default: THIRD },
  'p-retry': { default: SECOND },
  '@forkline/runtime': { sleep: SECOND, retry: SECOND },
}

/** Calls that start something they return at once, so that nobody awaits the call itself. */
export const STARTERS: ReadonlySet<string> = new Set(['spawn', 'fork', 'exec', 'execFile'])

/** Names of functions that tidy up: they must finish although the work was cancelled. */
export const CLEANUP_NAMES =
  /^_*(?:async)?(?:dispose|close|clean|cleanup|teardown|tearDown|shutdown|destroy|stop|abort|cancel|rollback|roll_back|release|unlock|finali[sz]e|revert|restore|kill|terminate|disconnect|detach|delete|remove|unsubscribe|flush|end|drain|quit|rm|unlink|undo)(?=$|[A-Z_\d])/u

/** Names under which a signal travels. */
export const SIGNAL_NAMES = /signal|abort|cancel|^token$|cancellation|controller$/iu

/** Files whose fan-outs nobody needs to bound: tests and what they stand on. */
export const TEST_FILES = /(?:^|[/\\])(?:__tests__|__mocks__|tests?|spec|e2e|fixtures?|testing|test-utils|cypress|playwright)[/\\]|[.-](?:test|spec|e2e|stories|bench)\.[cm]?[jt]sx?$/iu

/** Scripts of the build, run by people who see them fail. */
export const BUILD_FILES = /(?:^|[/\\])(?:scripts?|build|tools?|tooling|build-scripts?|examples?|docs?|benchmarks?|\.storybook|www)[/\\]|\.config\.[cm]?[jt]s$/iu

export function knowledgeOf(specifier: string): PackageKnowledge | undefined {
  const name = specifier.replace(/^node:/u, '')
  const scope = name.startsWith('@') ? `${name.slice(0, name.indexOf('/'))}/*` : undefined
  return PACKAGES[name] ?? (scope === undefined ? undefined : PACKAGES[scope])
}
