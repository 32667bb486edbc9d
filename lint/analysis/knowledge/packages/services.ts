import { MODEL, SECOND, THIRD, FIRST, AI_OPTIONS, AI_SECOND, each, type Io, type PackageKnowledge } from './model.ts'

/** What stores of vectors offer. */
const VECTORS: Io = each(
  'network',
  'add upsert insert query search scroll retrieve get delete update createCollection',
  'getCollection getOrCreateCollection deleteCollection',
)
const NETWORK: Io = { '*': 'network' }
/** What HTTP clients offer besides requests. */
const HTTP: Io = {
  '*': 'network',
  ...each(
    'memory',
    'create extend isAxiosError isCancel getUri toFormData use eject retry mergeOptions',
    'setGlobalDispatcher getGlobalDispatcher',
  ),
}
/** What the clients of cloud services offer besides requests. */
const CLOUD: Io = {
  '*': 'network',
  ...each('memory', 'destroy add on once bucket file collection doc marshall unmarshall fromEnv fromIni'),
}
const HTTP_METHODS = each(SECOND, 'get post put patch delete head')

/** HTTP clients and the clients of services. */
export const SERVICES: Readonly<Record<string, PackageKnowledge>> = {
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
  request: { io: HTTP },
  'request-promise': { io: HTTP },
  'request-promise-native': { io: HTTP },
  'minipass-fetch': { io: HTTP },
  'npm-registry-fetch': { io: HTTP },
  'isomorphic-fetch': { io: HTTP },
  'isomorphic-unfetch': { io: HTTP },
  unfetch: { io: HTTP },
  redaxios: { io: HTTP },
  bent: { io: HTTP },
  download: { io: NETWORK },
  '@nestjs/axios': { io: each('network', 'get post put patch delete head request') },
  'openapi-fetch': { io: each('network', 'GET POST PUT PATCH DELETE HEAD') },
  pacote: { io: each('network', 'manifest packument tarball extract') },
  '@urql/core': { io: each('network', 'query mutation') },
  urql: { io: each('network', 'query mutation') },
  '@apollo/client': { io: each('network', 'query mutate') },
  'basic-ftp': { io: each('network', 'access uploadFrom downloadTo uploadFromDir list remove') },
  'ssh2-sftp-client': { io: each('network', 'connect put get fastPut fastGet list delete') },
  'node-ssh': { io: each('network', 'connect execCommand putFile putFiles getFile') },
  'web-push': { io: { sendNotification: 'network' } },
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
    io: each('network', 'put del head list copy'),
    signals: { put: { index: 2, property: 'abortSignal' }, del: AI_SECOND, head: AI_SECOND, list: AI_OPTIONS },
  },
  'exa-js': { io: NETWORK },
  '@mendable/firecrawl-js': { io: NETWORK },
  '@tavily/core': { io: each('network', 'search extract crawl map') },
  '@kubernetes/client-node': {
    io: {
      ...NETWORK,
      ...each('memory', 'KubeConfig loadFromDefault loadFromCluster loadFromFile loadFromString loadFromOptions'),
      ...each('memory', 'loadFromClusterAndUser makeApiClient getCurrentCluster getContexts setCurrentContext'),
    },
  },
  '@sanity/client': { io: each('network', 'fetch create createOrReplace delete commit upload getDocument') },
  contentful: { io: each('network', 'getEntries getEntry getAssets getAsset') },
  algoliasearch: { io: each('network', 'search saveObject saveObjects deleteObject partialUpdateObject browse') },
  typesense: { io: each('network', 'search upsert import retrieve create delete') },
  airtable: { io: each('network', 'firstPage all find create update destroy eachPage') },
  plaid: { io: NETWORK },
  '@expo/apple-utils': { io: NETWORK },
  'expo-server-sdk': { io: each('network', 'sendPushNotificationsAsync getPushNotificationReceiptsAsync') },
  telegraf: { io: each('network', 'sendMessage sendPhoto sendDocument getFile deleteMessage editMessageText') },
  grammy: { io: each('network', 'sendMessage sendPhoto sendDocument getFile deleteMessage editMessageText') },
  'node-telegram-bot-api': { io: each('network', 'sendMessage sendPhoto sendDocument getFile deleteMessage') },
  pusher: { io: each('network', 'trigger triggerBatch') },
  '@upstash/vector': { io: VECTORS },
  '@upstash/qstash': { io: each('network', 'publish publishJSON') },
  '@lancedb/lancedb': { io: VECTORS },
  '@temporalio/client': { io: each('network', 'start execute signal query signalWithStart terminate describe') },
  inngest: { io: { send: 'network' } },
  '@trigger.dev/sdk': { io: each('network', 'trigger batchTrigger triggerAndWait batchTriggerAndWait') },
  'firebase/storage': {
    io: each('network', 'uploadBytes uploadString getDownloadURL deleteObject getBytes getBlob getMetadata list'),
  },
  viem: {
    io: each(
      'network',
      'readContract getBalance getBlock getTransaction getTransactionReceipt getLogs getCode multicall',
      'waitForTransactionReceipt simulateContract writeContract sendTransaction estimateGas',
    ),
  },
  ethers: {
    io: each('network', 'getBalance getBlock getTransaction getTransactionReceipt getLogs getCode sendTransaction'),
  },
  '@solana/web3.js': {
    io: each(
      'network',
      'getAccountInfo getParsedAccountInfo getBalance getTransaction getParsedTransaction sendTransaction',
      'getSignaturesForAddress getTokenAccountsByOwner confirmTransaction',
    ),
  },
  'isomorphic-git': { io: each('network', 'clone fetch push getRemoteInfo listServerRefs') },
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
    io: each('network', 'get set update delete send verifyIdToken'),
  },
  minio: { io: NETWORK },
  '@elastic/elasticsearch': {
    io: NETWORK,
    signals: each(SECOND, 'search get mget msearch count index bulk'),
  },
  '@opensearch-project/opensearch': { io: NETWORK },
  meilisearch: { io: { ...NETWORK, index: 'memory' } },
  chromadb: { io: VECTORS },
  '@qdrant/*': { io: VECTORS },
  'weaviate-client': { io: { ...VECTORS, insert: 'network', insertMany: 'network', nearText: 'network' } },
  '@zilliz/milvus2-sdk-node': { io: VECTORS },
  '@pinecone-database/*': { io: { upsert: 'network', query: 'network', fetch: 'network' } },
}
