/** What the names of calls and methods say of their effects, as data. */

/** Names of calls that leave something behind each time: a connection, a registration, a process, a record. */
export const LASTING_EFFECTS =
  /^[_#]*(?:async)?(?:create|connect|reconnect|open|start|spawn|launch|fork|register|subscribe|listen|setup|setUp|install|acquire|login|logIn|signIn|boot|bootstrap|attach|mount|provision|insert|save|send|publish|enqueue|submit|append|upload|deploy|migrate|prompt|showInformationMessage|showWarningMessage|showErrorMessage|init|initiali[sz]e|initDb|from_?[pP]retrained|loadModel|loadWeights|pipeline|instantiate|addModule|new(?:Page|Tab|Window|Session|Connection|Client|Process|Worker|Server|Deploy(?:ment)?|Release|\w+Client))(?=$|[A-Z_\d])/u

/**
 * Those among them whose effect stands for itself, whatever becomes of the value that they give: two connections are open, two
 * messages on the screen. Of the others (`createClient`, `acquireToken`, `sendRequest`), the value is all that is left.
 */
export const STANDING_EFFECTS =
  /^[_#]*(?:async|try|force|do)?_?(?:[cC]onnect|[rR]econnect|[oO]pen|[lL]isten|[lL]aunch|[sS]pawn|[fF]ork|[sS]tart|[iI]nstall|[rR]egister|[sS]ubscribe|[aA]ttach|[mM]ount|[pP]rovision|[dD]eploy|[uU]pload|[pP]ublish|[eE]nqueue|[sS]ubmit|[pP]rompt|[sS]how|[aA]sk|[sS]ign[uU]p|[lL]ink|addModule|from_?[pP]retrained|loadModel|loadWeights|pipeline|new(?:Page|Tab|Window|Deploy(?:ment)?|Release)|create(?:Collection|Table|Index|Database|Schema|Session|Sandbox|Container|Worker|Process|Server|Connection|Browser|Subscription|Channel|Bucket|Queue|Topic|User|Account|Order|Payment|Charge|Job|Task))(?=$|[A-Z_\d])/u

/** Verbs of such effects, wherever in a name they stand: only a function that says so is searched for what it leaves behind. */
export const EFFECT_WORDS =
  /(?:^|[a-z\d_#])(?:[cC]reate|(?:re)?[cC]onnect|[oO]pen|[lL]aunch|[sS]pawn|(?:re)?[sS]tart|[eE]stablish|[lL]isten|[sS]ubscribe|[iI]nstall|[rR]egister|[lL]ogin|[sS]end|[nN]ew|[lL]ink|[iI]nit|[iI]nitiali[sz]e|[sS]et[uU]p|[aA]cquire|[aA]ttach|[dD]eploy|[sS]how|[pP]rompt|[aA]sk)(?=$|[A-Z_\d])/u

/** Those among them that fill memory with what they give; where nobody keeps that, another process holds it, once. */
export const LOADING_NAMES = /^[_#]*(?:async)?(?:from_?[pP]retrained|loadModel|loadWeights|pipeline)(?=$|[A-Z_\d])/u

/** Those among them that make something and give it back, or find it done: whether more is left behind, their own code says. */
export const MAKING_NAMES = /^[_#]*(?:async)?(?:create|open|init|initiali[sz]e|instantiate|migrate|save)(?=$|[A-Z_\d])/u

/** Names of command objects that only read or ask a model, as clients of cloud services are given them: `send(new ListQueuesCommand({}))`. */
export const READING_COMMANDS =
  /^(?:BatchGet|Get|List|Describe|Head|Query|Scan|Search|Select|Lookup|InvokeModel|InvokeEndpoint|Converse)[A-Z\d]?\w*Command$/u

/** Names that sound like it and are not: a second call gives an equal value, or finds what the first one made. */
export const HARMLESS_EFFECTS =
  /^create(?:Hash|Hmac|Require|Element|Context|Selector|Theme|Reducer|Ref|Url|URL|ObjectURL|Key|Id|(?:\w*Access)?Token|Signature|Digest|Map|Proxy|Error|Schema|Parser|Formatter|Matcher|Directory)$|^start(?:Active)?Span$|^send(?:[A-Z]\w*)?(?:Logs?|Telemetry|Metrics?|Analytics)(?=$|[A-Z])|^(?:getOrCreate|findOrCreate|createIfNot|ensureDir|mkdirp|upsert)|IfNotExists$|IfMissing$/u

/** Names of calls that find what is there already. */
export const LOOKUP_NAMES =
  /^[_#]*(?:get|find|lookup|look[uU]p|resolve|current|default|use|select|query|count|exists|has|is|read|parse|compute|calculate|format|list|import|require)(?=$|[A-Z_\d])/u

/** Names of calls that are made again and again by design: they put what is there in the place of what was, or look first. */
export const REPEATED_NAMES = /^[_#]*(?:async)?(?:reload|refresh|rescan|recompute|reset|ensure)(?=$|[A-Z_\d])/u

/** Methods by which a value is let go; what has one of them must not be made and forgotten. */
export const RELEASE_METHODS: readonly string[] = [
  'close',
  'disconnect',
  'destroy',
  'dispose',
  'terminate',
  'kill',
  'quit',
  'shutdown',
  'end',
]

/** Functions that take back what is handed to them: `releaseLease(lease)`. */
export const TAKING_BACK =
  /^[_#]*(?:release|giveBack|free|dispose|destroy|close|terminate|disconnect|kill)(?=$|[A-Z_\d])/u

/** Calls and classes of what runs on until it is stopped through what they give, whether or not its type is known. */
export const RUNNING_THINGS =
  /^(?:setInterval|spawn|fork|watch|WebSocket|WebSocketServer|EventSource|Worker|SharedWorker|BroadcastChannel|FSWatcher|Redis|IORedis|MongoClient|PrismaClient|Pusher|Ably|Centrifuge|ReconnectingWebSocket)$/u

/** Verbs of making something, wherever in a name they stand: `forceCreateDb`, `tryConnect`. */
export const MAKING_WORDS =
  /(?:^|[a-z\d_#])(?:[cC]reate|[cC]onnect|[oO]pen|[lL]aunch|[sS]pawn|[sS]tart|[mM]ake|[bB]uild|[iI]nit|[iI]nitiali[sz]e|[eE]stablish|[lL]isten)(?=$|[A-Z_\d])/u

/** Names of places that keep what must be closed in the end. */
export const RESOURCE_PLACES =
  /(?:^|[_#]|[a-z](?=[A-Z]))(?:db|database|conn|connection|browser|socket|ws|pool|worker|server|child|process|watcher|consumer|producer|subscriber|tunnel|kernel|repl|terminal|transport)$/iu

/** Requests to a model: what is made by them is given back, and nothing of it stays behind. */
export const MODEL_REQUESTS =
  /\b(?:completions|embeddings|speech|transcriptions|translations|images|messages|responses|moderations)\.create$/u
