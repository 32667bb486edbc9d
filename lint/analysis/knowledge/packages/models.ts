import { MODEL, SECOND, THIRD, FIRST, AI_OPTIONS, AI_SECOND, each, type Io, type PackageKnowledge } from './model.ts'

/** What the clients of model services offer besides requests. */
const MODEL_CLIENT: Io = {
  '*': 'model',
  ...each(
    'memory',
    'toFile zodResponseFormat zodFunction zodTextFormat withOptions on finalMessage',
    'withResponse toReadableStream',
  ),
  ...each('network', 'list retrieve delete'),
}
const REQUEST_OPTIONS = each(SECOND, 'create parse retrieve list stream')
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

/** Clients of models, and frameworks around them. */
export const MODELS: Readonly<Record<string, PackageKnowledge>> = {
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
    io: each(
      'model',
      'generateText streamText generateObject streamObject embed embedMany generateImage',
      'experimental_generateImage transcribe rerank',
    ),
    signals: each(
      AI_OPTIONS,
      'generateText streamText generateObject streamObject embed embedMany generateImage',
      'experimental_generateImage transcribe experimental_transcribe rerank',
    ),
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
      ...each('model', 'invoke stream batch call predict generate embedQuery embedDocuments'),
      ...each('network', 'similaritySearch addDocuments'),
    },
    signals: { invoke: SECOND, stream: SECOND, batch: SECOND, streamEvents: SECOND },
  },
  langchain: {
    io: each('model', 'invoke call predict embedQuery embedDocuments'),
    signals: { invoke: SECOND },
  },
  '@azure/openai': { io: MODEL_CLIENT },
  '@aws-sdk/client-bedrock-agent-runtime': { io: { send: 'model' } },
  '@llamaindex/*': {
    io: each(
      'model',
      'chat complete query getTextEmbedding getTextEmbeddings getTextEmbeddingsBatch getQueryEmbedding',
    ),
  },
  llamaindex: {
    io: each(
      'model',
      'chat complete query getTextEmbedding getTextEmbeddings getTextEmbeddingsBatch getQueryEmbedding',
    ),
  },
  '@portkey-ai/*': { io: MODEL_CLIENT },
  'portkey-ai': { io: MODEL_CLIENT },
  assemblyai: { io: each('model', 'transcribe submit lemur task') },
  '@deepgram/sdk': { io: each('model', 'transcribeUrl transcribeFile request') },
  '@elevenlabs/elevenlabs-js': { io: each('model', 'convert stream') },
  elevenlabs: { io: each('model', 'convert convertAsStream generate') },
  '@fal-ai/client': { io: each('model', 'run subscribe') },
  '@fal-ai/serverless-client': { io: each('model', 'run subscribe') },
  '@openai/agents': { io: { run: 'model' } },
  '@openrouter/sdk': { io: MODEL },
  '@cerebras/cerebras_cloud_sdk': { io: MODEL_CLIENT, signals: REQUEST_OPTIONS },
  '@perplexity-ai/perplexity_ai': { io: MODEL_CLIENT },
  '@lmstudio/sdk': { io: each('model', 'respond complete embed') },
  '@runwayml/sdk': { io: MODEL_CLIENT },
  '@google-cloud/translate': { io: each('model', 'translate translateText detect') },
  '@google-cloud/speech': { io: each('model', 'recognize longRunningRecognize') },
  '@google-cloud/text-to-speech': { io: each('model', 'synthesizeSpeech') },
  '@google-cloud/vision': { io: each('model', 'textDetection labelDetection documentTextDetection annotateImage') },
  '@modelcontextprotocol/sdk': {
    io: { callTool: 'network', listTools: 'network', readResource: 'network' },
    signals: MCP_OPTIONS,
  },
}
