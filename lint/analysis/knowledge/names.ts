import type { KnownSlot } from './packages/model.ts'

/**
 * What is known of names, as data; packages have tables of their own, packages.ts. The analysis reads it; nothing here is a rule.
 *
 * Kinds of I/O, by what runs out first when thousands of calls start at once:
 * - `network`: sockets and the other side's patience (HTTP, object stores, queues);
 * - `model`: a metered model or embedding service;
 * - `database`: connections of a pool;
 * - `process`: child processes;
 * - `file`: open file descriptors;
 * - `stat`: calls on libuv's thread pool that hold no descriptor, so that only latency suffers;
 * - `timer`: waiting alone, which costs next to nothing;
 * - `memory`: nothing at all, for the exceptions of a package whose other calls reach out.
 */
export const IO_KINDS = ['network', 'model', 'database', 'process', 'file', 'stat', 'timer', 'memory'] as const
export type IoKind = (typeof IO_KINDS)[number]

/** The kinds that an unbounded fan-out exhausts. */
export const RISKY_IO: ReadonlySet<IoKind> = new Set<IoKind>(['network', 'model', 'process', 'file', 'database'])

/** Global functions that reach I/O. */
export const GLOBAL_IO: Readonly<Record<string, IoKind>> = { fetch: 'network' }

/**
 * Clients that can be told by the names in a call when their types are not at hand. `receiver` is the dotted
 * expression before the last name, `method` the last name. Order matters: the first that fits decides. What is `foreign` holds
 * only where no code of the program says what the method does.
 */
export const CLIENT_SHAPES: readonly {
  readonly receiver: RegExp
  readonly method: RegExp
  readonly io: IoKind
  readonly foreign?: true
}[] = [
  {
    receiver: /(?:^|\.)(?:\w*llm|\w*LLM|chat\w*model|languageModel)$/u,
    method: /^(?:complete|chat|predict|invoke|generate|call|stream|exec)$/u,
    io: 'model',
  },
  {
    receiver: /(?:openai|anthropic|\.chat\.completions|\.messages|\.embeddings|\.responses)$/iu,
    method: /^(?:create|parse|stream|embed)$/u,
    io: 'model',
  },
  {
    receiver: /(?:embedd\w*|embed\w*model)$/iu,
    method: /^(?:get|embed)\w*(?:embed|query|documents?)\w*$/iu,
    io: 'model',
  },
  {
    receiver: /(?:embedd\w*|embed\w*model)$/iu,
    method: /^(?:embed|embedMany|embedBatch|embedText)$/u,
    io: 'model',
  },
  {
    receiver: /./u,
    method: /^(?:createChatCompletion|createEmbeddings?|embedQuery|embedDocuments|embedContent|getTextEmbeddings?)$/u,
    io: 'model',
  },
  { receiver: /(?:^|\.)(?:\w*model|genAI|gemini)$/iu, method: /^generateContent(?:Stream)?$/u, io: 'model' },
  { receiver: /(?:^|\.)(?:octokit|github)(?:\.|$)/iu, method: /./u, io: 'network' },
  {
    receiver: /(?:^|\.)(?:axios|got|ky|superagent|httpClient)$/u,
    method: /^(?:get|post|put|patch|delete|head|request)$/u,
    io: 'network',
  },
  {
    receiver: /(?:mailer|transporter|smtp|mail(?:Service|Client)|email(?:Service|Client))$/iu,
    method: /^send(?:Email)?$/u,
    io: 'network',
  },
  { receiver: /./u, method: /^sendMail$/u, io: 'network' },
  {
    receiver: /(?:^|\.)(?:s3|s3Client|sqs|sns|dynamo\w*|kms)$/iu,
    method: /^(?:send|putObject|getObject|deleteObject|upload|copyObject)$/u,
    io: 'network',
  },
  {
    receiver:
      /(?:^|\.)(?!\w*(?:query|redis|cache|db|sql|database|prisma|mongo|knex|store|language|lsp|ipc|socket|ws|mqtt|rpc|test|mock|local|memory|debug)\w*$)(?:\w*(?:[aA]pi|API|[sS]dk|SDK|[cC]lient))$/iu,
    method:
      /^(?:get|list|fetch|create|update|delete|remove|search|upload|download|send|post|put|patch|publish|retrieve|describe)(?!Query|State|Config|Option|Setting|Url|Uri|BaseU|Name$|Id$|Version$|Header|Context|Logger|Cache|Client|Instance|Provider|Event|Listener|Handler|Element|Root|Store|Request$|Params|Default)[A-Z]\w*$/u,
    io: 'network',
    foreign: true,
  },
]

/** Methods of lists, texts and promises. */
export const VALUE_METHODS: ReadonlySet<string> = new Set([
  'map',
  'flatMap',
  'filter',
  'forEach',
  'reduce',
  'some',
  'every',
  'join',
  'slice',
  'splice',
  'concat',
  'push',
  'pop',
  'shift',
  'unshift',
  'includes',
  'indexOf',
  'at',
  'keys',
  'values',
  'entries',
  'sort',
  'reverse',
  'flat',
  'findIndex',
  'findLast',
  'toString',
  'toJSON',
  'valueOf',
  'trim',
  'split',
  'replace',
  'replaceAll',
  'startsWith',
  'endsWith',
  'toLowerCase',
  'toUpperCase',
  'padStart',
  'padEnd',
  'match',
  'test',
  'then',
  'catch',
  'finally',
])

/** These, and those of functions. */
export const BUILTIN_METHODS: ReadonlySet<string> = new Set([...VALUE_METHODS, 'bind', 'call', 'apply'])

/** Methods that bound what is passed to them, whatever the receiver: `queue.add(fn)`, `limiter.schedule(fn)`. */
export const LIMITER_METHODS: ReadonlySet<string> = new Set([
  'schedule',
  'runExclusive',
  'withLock',
  'withPermit',
  'acquire',
  'limit',
  'throttle',
  'addAll',
  'enqueue',
])

/** Names of variables and functions that say that they bound or queue what they run. */
export const LIMITER_NAMES =
  /limit(?:er|ed)?$|^limit|queue$|throttle|semaphore|mutex|\bpool$|bottleneck|concurren|batch|^caller$/iu

/** Calls that list what is there, however much it is. */
export const LISTING_CALLS =
  /^(?:readdir|readdirp|opendir|scandir|glob|globby|fastGlob|fg|tinyglobby|walk|walkDir|walkDirectory|listFiles|findFiles|getFiles|listObjects\w*|(?:list|find|get)AllFiles|(?:list|get|find|read)\w*FilesRecursive(?:ly)?)(?:Sync|Async|Iterator|Iterate|Stream)?$/iu
export const LISTING_PACKAGES = /^(?:glob|globby|fast-glob|tinyglobby|fdir|klaw|readdirp|@actions\/glob)$/u

/** Commands to a store that list what is in it, and the fields of the answer that hold it. */
export const LISTING_COMMANDS = /^(?:ListObjects(?:V2)?|ListObjectVersions|Scan|Query)Command$/u
export const LISTED_FIELDS: ReadonlySet<string> = new Set(['Contents', 'Versions', 'Items'])

/** Calls that ask another system for rows. */
export const QUERY_CALLS =
  /^(?:find|findMany|findAll|query|list|listAll|search|select|scan|getAll|getMany|fetchAll|loadAll|all|aggregate|paginate)$/u

/** Calls that say that they give all there are, and of what: `getAllUsers`. */
export const ALL_CALLS = /^_?(?:get|list|fetch|find|load|query|read|retrieve)All(?=[A-Z])/u

/** Calls that go on with a query, or run it, and leave it as wide as it is. */
export const QUERY_CHAIN =
  /^(?:where|andWhere|orWhere|from|orderBy|addOrderBy|sort|populate|lean|exec|execute|toArray|select|addSelect|(?:left|inner)Join(?:AndSelect)?|groupBy)$/u

/** Words in a loop that asks for one page after the other. */
export const PAGING_WORDS =
  /cursor|\bpage(?:s|_?token|_?number|_?index)?\b|next_?(?:page|token|url|link|cursor|marker|offset)|\.next\b(?!\()|has_?more|offset|continuation|startAfter/iu

/** What a program printed, in the words of those that start one. */
export const PROGRAM_OUTPUT = /\bstdout\b/u

/** The body of a request, in the words of the well-known servers. */
export const REQUEST_BODIES =
  /(?:^|\.)(?:req|request|ctx|context|c|event)(?:\.request|\.req)?\.(?:body|query|params)(?:\.|$)/u
/** Calls that give the body of the request they are handed. */
export const BODY_READERS = /^(?:req|request|read|get|parse|readValidated|getValidated)Body$/u
export const REQUEST_READERS = /(?:^|\.)(?:req|request|ctx\.req|c\.req)$/u

/** Last words of the names of the pieces of a corpus: there are as many as there is text. */
export const CORPUS_NAMES =
  /^(?:documents?|docs|nodes|chunks|texts|sentences|paragraphs|passages|articles|records|rows|pages|transcripts)$/iu

/** Last words of the names of content that is processed piece by piece: what comes from a corpus, not from a person's choice. */
export const CONTENT_NAMES = new RegExp(
  `${CORPUS_NAMES.source}|^(?:images|prompts|posts|tweets|urls|uris|links)$`,
  'iu',
)

/** Last words of the names of lists of files. */
export const FILE_LIST_NAMES = /^(?:files|file_?names|file_?paths|paths)$/iu

/** Last words of the names of what lies in stores and folders: who asks for it in bulk may want all of it. */
export const STORED_NAMES = new RegExp(`${FILE_LIST_NAMES.source}|^(?:keys|object_?keys|blobs)$`, 'iu')

/** Last words of the names of collections whose size the outside world decides. */
export const OPEN_ENDED_NAMES =
  /^(?:documents?|docs|nodes|chunks|texts|files|filenames|filepaths|paths|ids|urls|uris|links|articles|records|rows|users|emails|images|pages|entries|items|keys|orders|customers|tickets|repos|issues|commits|events|queries|prompts|inputs|jobs|posts|products|tracks|songs|sentences|paragraphs|symbols|addresses|contacts|invitations|invites|refs|lines|hashes|shas)$/iu

/** Last words of the names of what a service answers with: as many as it has, where nobody asked for one page. */
export const ANSWERED_NAMES =
  /^(?:results|contents|hits|matches|data|objects|children|comments|messages|assets|members|projects|repositories|threads|channels|transactions|albums|episodes|videos|photos|movies|books|releases|artifacts)$/iu

/** What one person is called in names that say whose the items are: `invitationsForUser`. */
export const PERSON_NAMES = 'User|Member|Person|Account|Customer|Contact|Author|Owner|Recipient|Sender|Me|Email'

/** Names of collections that programs keep small: what is registered or configured, not what is processed. */
export const SMALL_NAMES =
  /(?:handlers?|hooks?|callbacks?|listeners?|subscribers?|observers?|tools?|processors?|servers?|connections?|windows?|folders|director(?:y|ies)|dirs|workspaces|plugins?|providers?|middlewares?|transports?|exporters?|sinks?|workers?|modules?|guardrails?|handoffs?|steps?|phases?|stages?|strategies|validators?|checks?|diagnostics?|configs?|options?|settings|features?|locales?|languages?|loaders?|adapters?|drivers?|backends?|services?|agents?|sessions?|clients?|schemas?|migrations?|disposables?|resources?|cleanups?|teardowns?|promises|tasks|pending|futures|deferreds?|shards?|replicas?|regions?|environments?|targets?|platforms?|extensions?|watchers?|streams?|presets?|formats?|columns?|fields?|tabs?|panels?|editors?|attachments?|columns|constraints?|indexes|indices|triggers?|(?:triggers?|hooks?|plugins?|providers?|handlers?|tools?|workers?|extensions?|tabs?|windows?)(?:Ids|Names))$/iu

/** Names of one item that say the same: `paths.map((workspacePath) => …)`. */
export const SMALL_ITEM_NAMES =
  /^(?:workspace|folder|root|plugin|provider|extension|ext|hook|handler|worker|tab|window)(?:Path|Folder|Dir|Directory|Root|Uri|Url|Name|Id)?$/u

/** Names of what goes along with one message: nobody sends thousands of them. */
export const ATTACHMENT_NAMES = /attachments?$/iu

/** Patterns that find one file in each package of a repository. */
export const WORKSPACE_PATTERNS =
  /(?:^|\/)(?:packages|apps|libs|plugins|services|modules|extensions|workspaces)\/\*\/[^*?{}[\]]+$/u

/** Options by which a call is told to keep its failures to itself, and the value that tells it so. */
export const SWALLOWING_OPTIONS: readonly { readonly name: RegExp; readonly value: boolean | 'ignore' }[] = [
  { name: /^(?:errors?|onErrors?|onFailure)$/u, value: 'ignore' },
  { name: /^(?:ignore|swallow|suppress)(?:Failures?|Errors?|Exceptions?|Rejections?)$/u, value: true },
  { name: /^(?:reject|throwOnError|throwErrors?|failOnError)$/u, value: false },
]

/** Names of lists of files of which a package or a project has a few. */
export const SMALL_FILE_LISTS =
  /(?:(?:template|theme|locale|config|schema|rule|skill|manifest|migration)s?_?files|(?:package|workspace|project)_?(?:files|paths|dirs|jsons))$/iu

/** Words for what a program leaves behind each time it runs, and endings of such files: they grow in number as long as it is used. */
export const ACCUMULATING_FILES =
  /(?:^|[a-z_])(?:[Ss]essions?|[Hh]istor(?:y|ies)|[Tt]ranscripts?|[Cc]onversations?|[Ss]napshots?|[Tt]races|[Aa]rchives?|[Bb]ackups)(?=$|[A-Z_])|\.(?:jsonl|ndjson|log|eml)['"`]/u

/** Clients of code hosts, which turn away who asks for much at once, as their calls are written. */
export const CODE_HOSTS = /octokit|github|gitlab|gitbeaker|bitbucket|azureDevops/iu

/** Last words of the names of what lies on a code host. */
export const HOSTED_NAMES =
  /^(?:users|orgs|organi[sz]ations|groups|projects|repos|repositories|repo_?list|issues|prs|pulls|pull_?requests|commits|branches|contributors|forks|gists)$/iu

/** Folders that hold what is registered or configured: as few as what it is about. */
export const SMALL_FOLDERS =
  /(?:extensions?|plugins?|hooks?|skills?|commands?|agents?|themes?|templates?|presets?|providers?|locales?|migrations?|workspaces?|configs?|settings|profiles?|adapters?|rules|worktrees?)_?(?:Dir|Folder|Path|Directory|Root)$/iu

/** URLs of what the program itself holds in memory. */
export const LOCAL_URLS = /blob_?ur[il]|object_?url|^data_?ur[il]/iu

/** Patterns for files of configuration: few, however large the tree is. */
export const CONFIG_PATTERNS = /\.(?:toml|ya?ml|ini|env|lock|config\.\w+|json5?)$/iu

/** Parts of options and names that say that a query returns one page. */
export const PAGE_NAMES =
  /^(?:limit|take|Limit|MaxKeys|pageSize|page_size|perPage|per_page|first|top|max\w*|batchSize|batch_size|chunkSize)$/u

/**
 * Names of functions that are called to fail where something is wrong: `sure` ones are for nothing else, `maybe` ones also
 * answer, or set something going.
 */
export const CHECK_NAMES = {
  sure: /^_*(?:assert|authori[sz]e|enforce|forbid|deny(?:Unless|If)|throwIf|throwUnless|failIf|failUnless|validate(?!d))(?=$|[A-Z_])/u,
  maybe: /^_*(?:check|ensure|verify|require|guard|confirm|limit|protect)(?=$|[A-Z_])/u,
}

/** Names of calls that tell whether something is there: what fails them is an answer, too. */
export const EXISTENCE_CHECKS =
  /^(?:(?:path|file|dir|directory|folder)?exists|(?:does)?(?:path|file|dir|directory|folder)exists?|isWritable|isReadable)$/iu

/** What answers a request is called, in the words of the well-known servers, and the methods that answer or prepare it. */
export const RESPONSE_NAMES = /^(?:res|response|reply)$/u
export const ANSWER_METHODS =
  /^(?:send|sendStatus|sendFile|json|jsonp|end|status|render|redirect|set|header|type|code)$/u

/** Names of waits that take a number of milliseconds. */
export const SLEEP_NAMES = /^(?:sleep|delay|wait|pause|setTimeoutAsync|timeout|waitFor(?:Ms|Milliseconds)|snooze)$/iu

/** Names of calls that wait for the callback that they are given. */
export const WAITING_TAKERS =
  /^(?:withProgress|\$?transaction|inTransaction|withTransaction|runExclusive|withLock|withRetry|retry)$/u

/** Names of what remembers what it has loaded. */
export const CACHE_NAMES = /(?:cache|memo)s?$/iu

/** Names of calls that record the work that they are given. */
export const RECORDER_NAMES = /(?:^s|S)pan$|^traced?$/u

/** Where global functions take a signal. */
export const GLOBAL_SIGNAL_SLOTS: Readonly<Record<string, KnownSlot>> = { fetch: { index: 1, property: 'signal' } }

/** Calls that start something they return at once, so that nobody awaits the call itself. */
export const STARTERS: ReadonlySet<string> = new Set(['spawn', 'fork', 'exec', 'execFile'])

/** Names of functions that tidy up: they must finish although the work was cancelled. */
export const CLEANUP_NAMES =
  /^_*(?:async)?(?:dispose|close|clean|cleanup|teardown|tearDown|shutdown|destroy|stop|abort|cancel|rollback|roll_back|release|unlock|finali[sz]e|revert|restore|kill|terminate|disconnect|detach|delete|remove|unsubscribe|flush|end|drain|quit|rm|unlink|undo)(?=$|[A-Z_\d])/u

/** Names of calls that leave something behind outside: whoever began one wants it whole. */
export const WRITE_NAMES =
  /^_*(?:async)?(?:save|write|insert|update|upsert|delete|remove|upload|send|put|post|patch|create|set|publish|commit|store|persist|record|log|track|report|flush|push|migrate|deploy|install|apply|rename|copy|move|mkdir|rm|unlink|truncate|append)(?=$|[A-Z_\d])/u

/** Names under which a signal travels. */
export const SIGNAL_NAMES = /signal|abort|cancel|^token$|cancellation|controller$/iu

/** Names of exports that a host calls with arguments of its own: what a platform does not pass, nobody can add. */
export const HOST_CALLED_NAMES =
  /^(?:handler|main|default|activate|deactivate|loader|action|middleware|register|setup|teardown|up|down|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|get(?:Server|Static)\w+|generate(?:Metadata|StaticParams|Sitemaps)|use[A-Z]\w*)$/u

/** First words of the names of classes that stand in for others, in tests or where there is nothing to reach. */
export const DOUBLE_NAMES = /^(?:Mock|Fake|Stub|Dummy|Null|No-?[oO]p|Test|InMemory|Memory)(?=[A-Z_]|$)/u

/** Names that say that a loop looks whether it is still wanted: signals and tokens, and flags that others set. */
export const LOOP_END_NAMES =
  /signal|abort|cancel|^token$|controller$|stop|clos(?:e|ed|ing)$|shut(?:ting)?down|dispos|destroy|terminat|^(?:is)?(?:running|active|alive|mounted|done|finished|ended)$/iu

/** Names of what counts the attempts of a retry. */
export const ATTEMPT_NAMES = /attempt|retr(?:y|ies)|tries|count|max|\bi\b/iu

/** Names of functions that ask a person, and wait for the answer. */
export const ASKING_NAMES =
  /^_?(?:prompt|inquire|confirm|askUser|askFor|question|showInputBox|showQuickPick)(?=$|[A-Z_])/u

/** `window.showQuickPick`, `prompt.close`: dotted names of calls that show something to somebody, or take it off the screen. */
export const DIALOG_CALLS = /(?:^|\.)show(?:QuickPick|InputBox|\w*Message|\w*Dialog|\w*Picker)$|(?:^|\.)prompt\.\w+$/u

/** Files whose fan-outs nobody needs to bound: tests and what they stand on, also what sets up or configures their runner. */
export const TEST_FILES = new RegExp(
  [
    String.raw`(?:^|[/\\])(?:__(?:[\w-]+-)?tests?__|__mocks__|__utils__|__fixtures__|(?:[\w.]+[-_])*tests?(?:[-_](?:e2e|utils?|helpers?|support|harness|integration))?|(?:[\w.]+[-_])*test[-_]?suites?|spec|e2e(?:[-_]tests?)?|fixtures?|(?:@[\w-]+-)?testing|conformance|cypress|playwright|jest-config)[/\\]`,
    String.raw`[.-](?:(?:client|server|browser|unit|integration|int)?[-.]?(?:test|spec)(?:-d)?|test-types|tst|e2e|stories|bench|vitest|jest|cy)\.[cm]?[jt]sx?$`,
    String.raw`^tests?\.[cm]?[jt]sx?$`,
    String.raw`(?:^|[/\\.-])(?:(?:jest|vitest)[.-]?(?:setup|teardown)|global-?(?:setup|teardown)|setup-?tests?|tests?[-_.]?(?:utils?|helpers?|harness|support))\.[cm]?[jt]sx?$`,
  ].join('|'),
  'iu',
)

/**
 * Scripts of the build, run by people who see them fail, and code that is there to be read. Of folders called `tools` or
 * `snippets` only the one at the top of a project: elsewhere it is a package, or a part of the product. So is a `build` among
 * the sources: the command or the service that builds what users have.
 */
export const BUILD_FILES =
  /^tools?[/\\](?:[^/\\]+|.*\.[cm]?js)$|^snippets[/\\]|^(?:(?!(?:src|source|lib|app|server|services|commands)[/\\])[^/\\]+[/\\])*build[/\\]|(?:^|[/\\])(?:scripts?|tooling|build-tools?|build-scripts?|(?:[\w.]+[-_])*examples?|docs?|versioned_docs|benchmarks?|\.storybook|www)[/\\]|\.config\.[cm]?[jt]s$/iu

/** Packages by which a program reads its command line. */
export const COMMAND_LINES =
  /^(?:commander|yargs|@oclif\/(?:core|command)|cac|meow|clipanion|sade|caporal|@caporal\/core|citty|cmd-ts|@rushstack\/ts-command-line)(?:\/|$)/u

/** Packages of programs that go on for long, and do many things at a time: servers, bots, windows, editors. */
export const LASTING_PROGRAMS =
  /^(?:express|fastify|koa|hono|@hapi\/hapi|restify|polka|ws|socket\.io|@nestjs\/core|next|nuxt|vite|electron|vscode|vscode-languageserver|react|react-dom|react-native|preact|vue|svelte|solid-js|@angular\/core|mqtt|amqplib|bullmq|discord\.js|telegraf|@modelcontextprotocol\/sdk)(?:\/|$)/u
