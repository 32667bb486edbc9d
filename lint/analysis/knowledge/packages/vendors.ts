import { each, type Io, type PackageKnowledge } from './model.ts'

/** A client whose methods are requests, but for those that prepare, sign, check or listen. */
const CLIENT: Io = {
  '*': 'network',
  ...each(
    'memory',
    'create init configure config setup connect on once off addListener removeListener close destroy',
    'setApiKey setAccessToken setAuth setCredentials setProject setEndpoint setKey setSession setEnvironment',
    'verify verifySignature constructEvent constructWebhookEvent validateRequest url build toJSON withOptions',
  ),
}
/** A library that does much else: only the methods that speak of asking or telling are requests. */
const RESOURCES: Io = each(
  'network',
  'get list create update delete remove retrieve search find fetch upsert upload download send',
  'getOne getAll getList getFullList getFirstListItem listAll query execute',
)
const SENDER: Io = each('network', 'send sendMail sendEmail sendMessage sendTransac publish messages request create')

const MAIL_AND_CHAT: Readonly<Record<string, PackageKnowledge>> = {
  '@mailchimp/*': { io: CLIENT },
  '@getbrevo/brevo': { io: CLIENT },
  'sib-api-v3-sdk': { io: CLIENT },
  'node-mailjet': { io: SENDER },
  'mailgun-js': { io: SENDER },
  'customerio-node': { io: CLIENT },
  'klaviyo-api': { io: CLIENT },
  plivo: { io: SENDER },
  '@vonage/*': { io: CLIENT },
  messagebird: { io: SENDER },
  telnyx: { io: CLIENT },
  'onesignal-node': { io: CLIENT },
  '@onesignal/node-onesignal': { io: CLIENT },
  '@novu/node': { io: CLIENT },
  '@novu/api': { io: CLIENT },
  '@knocklabs/node': { io: CLIENT },
  '@trycourier/courier': { io: CLIENT },
  '@line/bot-sdk': {
    io: each('network', 'pushMessage replyMessage multicast broadcast getProfile getMessageContent'),
  },
  'twitter-api-v2': { io: { ...CLIENT, ...each('memory', 'readWrite readOnly v1 v2 appLogin') } },
  '@atproto/api': { io: { ...CLIENT, RichText: 'memory', AtpAgent: 'memory' } },
  masto: { io: { ...CLIENT, createRestAPIClient: 'memory' } },
  'matrix-bot-sdk': { io: RESOURCES },
  'zulip-js': { io: CLIENT },
  '@mattermost/client': { io: { ...CLIENT, setUrl: 'memory', setToken: 'memory' } },
  '@microsoft/microsoft-graph-client': { io: each('network', 'get post put patch delete getStream putStream') },
  imapflow: { io: each('network', 'fetchOne download search messageMove messageCopy messageDelete append') },
}

const COMMERCE_AND_RECORDS: Readonly<Record<string, PackageKnowledge>> = {
  '@paddle/paddle-node-sdk': { io: CLIENT },
  '@lemonsqueezy/lemonsqueezy.js': { io: { ...CLIENT, lemonSqueezySetup: 'memory' } },
  braintree: { io: each('network', 'sale find create update delete refund void search submitForSettlement cancel') },
  square: { io: CLIENT },
  '@adyen/api-library': { io: CLIENT },
  '@mollie/api-client': { io: { ...RESOURCES, createMollieClient: 'memory' } },
  razorpay: { io: each('network', 'create fetch all edit capture refund cancel') },
  '@polar-sh/sdk': { io: CLIENT },
  '@shopify/shopify-api': { io: each('network', 'request query get post put delete all find save') },
  jsforce: {
    io: each('network', 'query queryMore create update upsert destroy retrieve find findOne request requestGet'),
  },
  'intercom-client': { io: CLIENT },
  'node-zendesk': { io: RESOURCES },
  asana: { io: CLIENT },
  pipedrive: { io: CLIENT },
  'trello.js': { io: CLIENT },
  'monday-sdk-js': { io: each('network', 'api') },
  'jira-client': { io: CLIENT },
  'confluence.js': { io: CLIENT },
  '@salesforce/core': { io: RESOURCES },
  'google-spreadsheet': {
    io: each('network', 'loadInfo loadCells saveUpdatedCells getRows addRow addRows addSheet save delete'),
  },
  'xero-node': { io: CLIENT },
  'node-quickbooks': { io: CLIENT },
  'yahoo-finance2': { io: CLIENT },
  ccxt: {
    io: each(
      'network',
      'fetchTicker fetchTickers fetchOHLCV fetchOrderBook fetchBalance createOrder cancelOrder loadMarkets',
    ),
  },
}

const CONTENT_AND_MEDIA: Readonly<Record<string, PackageKnowledge>> = {
  'contentful-management': {
    io: each(
      'network',
      'getSpace getEnvironment getEntry getEntries createEntry update publish unpublish delete getAsset',
      'getAssets createAsset processForAllLocales getContentType getContentTypes get getMany',
    ),
  },
  'storyblok-js-client': { io: each('network', 'get getAll post put delete') },
  '@prismicio/client': {
    io: each('network', 'getByID getByUID getByIDs getAllByType getByType getSingle get getFirst dangerouslyGetAll'),
  },
  '@datocms/cma-client-node': { io: CLIENT },
  '@tryghost/admin-api': { io: each('network', 'browse read add edit delete upload') },
  '@tryghost/content-api': { io: each('network', 'browse read') },
  '@directus/sdk': { io: each('network', 'request query') },
  pocketbase: { io: RESOURCES },
  appwrite: { io: CLIENT },
  'node-appwrite': { io: CLIENT },
  convex: { io: each('network', 'query mutation action') },
  cloudinary: {
    io: each(
      'network',
      'upload upload_large upload_stream explicit destroy rename resource resources api delete_resources',
    ),
  },
  imagekit: { io: RESOURCES },
  '@imagekit/nodejs': { io: RESOURCES },
  uploadthing: { io: each('network', 'uploadFiles uploadFilesFromUrl deleteFiles getFileUrls listFiles') },
  'livekit-server-sdk': {
    io: each('network', 'createRoom listRooms deleteRoom removeParticipant listParticipants updateParticipant'),
  },
  'spotify-web-api-node': { io: CLIENT },
  '@spotify/web-api-ts-sdk': { io: CLIENT },
  'rss-parser': { io: each('network', 'parseURL') },
  'ytdl-core': { io: each('network', 'getInfo getBasicInfo default') },
  '@distube/ytdl-core': { io: each('network', 'getInfo getBasicInfo default') },
  'youtubei.js': { io: each('network', 'getInfo getBasicInfo search getPlaylist getChannel download') },
  'yt-search': { io: CLIENT },
  wikipedia: { io: CLIENT },
  '@googlemaps/google-maps-services-js': { io: CLIENT },
  'open-graph-scraper': { io: { '*': 'network' } },
  'link-preview-js': { io: each('network', 'getLinkPreview') },
}

const STORES: Readonly<Record<string, PackageKnowledge>> = {
  dropbox: { io: CLIENT },
  'box-node-sdk': { io: CLIENT },
  'backblaze-b2': { io: CLIENT },
  'ipfs-http-client': { io: each('network', 'add cat get pin rm ls') },
  'kubo-rpc-client': { io: each('network', 'add cat get pin rm ls') },
  pinata: { io: each('network', 'file json url base64 get list') },
  webdav: { io: { ...CLIENT, createClient: 'memory' } },
  ssh2: { io: each('network', 'exec sftp fastPut fastGet shell') },
  'promise-ftp': { io: each('network', 'put get list delete mkdir') },
  nano: { io: each('network', 'insert get fetch bulk destroy find list view attach head') },
  couchbase: { io: each('database', 'get upsert insert replace remove query') },
  arangojs: { io: each('database', 'query save update remove document all') },
  'snowflake-sdk': { io: each('database', 'execute') },
  '@databricks/sql': { io: each('database', 'executeStatement fetchAll') },
  'node-vault': { io: each('network', 'read write list delete') },
  consul: { io: RESOURCES },
  etcd3: { io: each('network', 'get put delete getAll') },
  nats: { io: each('network', 'request') },
  '@turbopuffer/turbopuffer': { io: CLIENT },
  '@xata.io/client': { io: RESOURCES },
  '@upstash/search': { io: RESOURCES },
  'pg-boss': { io: each('database', 'send insert publish complete fetch') },
  agenda: { io: each('database', 'now schedule every') },
}

const OPERATIONS: Readonly<Record<string, PackageKnowledge>> = {
  '@datadog/datadog-api-client': { io: { ...CLIENT, createConfiguration: 'memory' } },
  '@pagerduty/pdjs': { io: CLIENT },
  '@vercel/sdk': { io: CLIENT },
  netlify: { io: CLIENT },
  '@netlify/api': { io: CLIENT },
  auth0: { io: CLIENT },
  '@clerk/backend': { io: { ...RESOURCES, ...each('network', 'getUser getUserList getOrganization updateUser') } },
  '@workos-inc/node': { io: CLIENT },
  '@okta/okta-sdk-nodejs': { io: CLIENT },
  bitbucket: { io: CLIENT },
  langsmith: {
    io: each(
      'network',
      'createRun updateRun createDataset createExample createFeedback readRun readDataset listRuns listExamples',
    ),
  },
  'apify-client': {
    io: each('network', 'call start get list getItem listItems pushItems getRecord setRecord getInput'),
  },
  '@browserbasehq/sdk': { io: CLIENT },
  '@hyperbrowser/sdk': { io: CLIENT },
  'steel-sdk': { io: CLIENT },
  e2b: { io: each('network', 'create connect run read write list runCode kill') },
  '@e2b/code-interpreter': { io: each('network', 'create connect run read write list runCode kill') },
  '@daytonaio/sdk': { io: each('network', 'create get list start stop delete executeCommand uploadFile downloadFile') },
  serpapi: { io: each('network', 'getJson getHtml getAccount') },
  mem0ai: { io: each('network', 'add search get getAll update delete') },
  '@getzep/zep-cloud': { io: CLIENT },
  '@letta-ai/letta-client': { io: CLIENT },
  'unstructured-client': { io: each('network', 'partition') },
  soap: { io: each('network', 'createClientAsync') },
  gaxios: { io: each('network', 'request') },
  'google-auth-library': { io: each('network', 'request getAccessToken getClient') },
  wretch: { io: each('network', 'get post put patch delete head') },
  alova: { io: each('network', 'send') },
  urllib: { io: each('network', 'request curl') },
  '@hapi/wreck': { io: each('network', 'get post put patch delete request') },
  'simple-get': { io: { '*': 'network' } },
  'typed-rest-client': { io: each('network', 'get create update replace del request post put patch') },
  '@actions/http-client': {
    io: each('network', 'get post put patch del head request getJson postJson putJson patchJson'),
  },
  '@actions/artifact': { io: each('network', 'uploadArtifact downloadArtifact listArtifacts deleteArtifact') },
  '@actions/cache': { io: each('network', 'restoreCache saveCache') },
}

const CHAINS: Readonly<Record<string, PackageKnowledge>> = {
  web3: {
    io: each('network', 'getBalance getBlock getTransaction getTransactionReceipt getPastLogs call sendTransaction'),
  },
  'alchemy-sdk': { io: CLIENT },
  moralis: { io: CLIENT },
  xrpl: { io: each('network', 'request submit submitAndWait autofill') },
  tronweb: { io: each('network', 'getBalance getTransaction getTransactionInfo getAccount sendRawTransaction') },
  '@mysten/sui': {
    io: each('network', 'getObject multiGetObjects getOwnedObjects getCoins getBalance signAndExecuteTransaction'),
  },
  '@aptos-labs/ts-sdk': { io: RESOURCES },
}

/** Clients of what vendors offer: mail, chat, payments, records, content, stores, operations, chains. */
export const VENDORS: Readonly<Record<string, PackageKnowledge>> = {
  ...MAIL_AND_CHAT,
  ...COMMERCE_AND_RECORDS,
  ...CONTENT_AND_MEDIA,
  ...STORES,
  ...OPERATIONS,
  ...CHAINS,
}
